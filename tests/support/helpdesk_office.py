"""An office that works by the shipped example rules, with a Gold partner and an outgoing server."""

from __future__ import annotations

import email
import email.policy
from collections import Counter
from email.message import EmailMessage
from typing import Any, cast

from support.smtp_peer import SmtpPeer
from support.system import Api, RunningSystem

SUPPORT, DEMO, ANN = "support@ours.example", "demo@ours.example", "ann@blue.example"
EXPERT = "expert@mycompany.example"
EXAMPLES = "services/rules/examples/helpdesk.yaml"


def furnish_helpdesk(system: RunningSystem, peer: SmtpPeer, **section: Any) -> None:
    """Demo User, Ann of a Gold partner, the example rules; `section` changes that of the mails."""
    api = system.api()
    api.post("/users", login="demo", name="Demo User", address=DEMO)
    contract = api.post("/partner-categories", name="Support Contract")
    gold = api.post("/partner-categories", name="Gold", parent_id=contract["id"])
    contacts = [{"name": "Ann", "address": ANN}]
    api.post("/partners", name="Blue Ltd", contacts=contacts, category_ids=[gold["id"]])
    found = api.get("/sections")["items"][0]
    changes = {"reply_address": SUPPORT, **section}
    api.patch(f"/sections/{found['id']}", version=found["version"], **changes)
    api.post("/accounts/outgoing", **peer.account(address=SUPPORT))
    api.post("/accounts/outgoing/out/approve", 204)
    system.run_module("services.rules", "load", EXAMPLES)


def states(api: Api) -> dict[str, int]:
    """How many cases are in which state."""
    return dict(Counter(str(one["state"]) for one in api.all_of("/cases")))


def mails_to(peer: SmtpPeer, address: str) -> list[EmailMessage]:
    """All that the outgoing server took for this address, parsed."""
    return [
        cast(EmailMessage, email.message_from_bytes(mail.raw, policy=email.policy.default))
        for mail in list(peer.mails)
        if address in mail.recipients
    ]
