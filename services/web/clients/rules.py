"""The rules service."""

from __future__ import annotations

from typing import Any

from services.contracts.rules import Firing, Rule, SaveRule
from services.messaging.rpc_client import RpcClient


class RulesClient:
    """Each method raises the errors of services.contracts.errors that rules answers with."""

    def __init__(self, rpc: RpcClient) -> None:
        self._rpc = rpc

    def list_rules(self) -> list[Rule]:
        """All rules, in the order they are judged in."""
        return [Rule.model_validate(rule) for rule in self._rpc.call("rules", "list_rules")]

    def get(self, rule_id: int) -> Rule:
        """One rule; raises NotFound."""
        return Rule.model_validate(self._rpc.call("rules", "get_rule", id=rule_id))

    def save(self, command: SaveRule) -> dict[str, Any]:
        """Add or change a rule; answers `{"rule": …, "armed": n, "overdue": n}`."""
        asked = command.model_dump(mode="json", exclude_unset=True)
        return dict(self._rpc.call("rules", "save_rule", command=asked))

    def delete(self, rule_id: int, version: int) -> None:
        """Delete a rule."""
        self._rpc.call("rules", "delete_rule", id=rule_id, version=version)

    def firings(self, rule_id: int | None, case_number: int | None, limit: int) -> list[Firing]:
        """When rules fired, the last first."""
        answer = self._rpc.call(
            "rules", "list_firings", rule_id=rule_id, case_number=case_number, limit=limit
        )
        return [Firing.model_validate(firing) for firing in answer]
