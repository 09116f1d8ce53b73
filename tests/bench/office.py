"""The office that mails of the benches come to: one agent, and a rule that gives him every case."""

from __future__ import annotations

from contextlib import closing

from support.system import RunningSystem

from services.messaging.rpc_client import RpcClient
from services.runtime.identity import new_id


def furnish_office(system: RunningSystem) -> None:
    """Make them in a running system."""
    with closing(RpcClient(system.environment["AMQP_URI"], timeout_seconds=30)) as client:
        fields = {"login": "agent", "name": "Agent", "address": "agent@ours.example"}
        user = client.call("cases", "save_user", command=_command(fields))
        section = {**_command({"reply_address": "support@ours.example"}), "id": 1, "version": 1}
        client.call("cases", "save_section", command=section)
        rule = {
            "name": "Assign new cases",
            "criteria": {"state_from": "none"},
            "actions": [
                {"do": "assign", "user_id": user["id"]},
                {"do": "set_state", "state": "open"},
            ],
        }
        client.call("rules", "save_rule", command=_command(rule))


def _command(fields: dict[str, object]) -> dict[str, object]:
    return {"idempotency_key": new_id(), "actor_id": 1, "fields": fields}
