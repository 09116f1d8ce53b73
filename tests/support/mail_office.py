"""An office that lives by mail: two accounts that take it in, one that sends, and an agent."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from typing import cast

from builders.flood_mails import SUPPORT
from sqlalchemy import text
from support.dovecot import PASSWORD, DovecotServer
from support.smtp_peer import Delivered, SmtpPeer
from support.system import RunningSystem

from services.runtime.database import Database, open_database
from services.runtime.settings import Settings

EVE = "eve@ours.example"


def furnish(system: RunningSystem, dovecot: DovecotServer, peer: SmtpPeer) -> None:
    """Two accounts that take mails in, one that sends, an agent, and who gets new cases."""
    api = system.api()
    eve = api.post("/users", login="eve", name="Eve", address=EVE)
    section = api.get("/sections/1")
    api.patch("/sections/1", version=section["version"], reply_address=SUPPORT)
    template = api.post(
        "/templates", name="It came in", subject="We have it", text="Case {{ case.number }}."
    )
    new_case = {"section_id": 1, "reply_template_id": template["id"]}
    pipe = {"name": "pipe", "protocol": "pipe", "address": SUPPORT}
    imap = dovecot.account(name="imap", address=SUPPORT, password=PASSWORD)
    for account in (pipe, imap):
        api.post("/accounts/incoming", **account, new_case=new_case)
        api.post(f"/accounts/incoming/{account['name']}/approve", 204)
    api.post("/accounts/outgoing", **peer.account(address=SUPPORT))
    api.post("/accounts/outgoing/out/approve", 204)
    assign = {"do": "assign", "to": "user", "user_id": eve["id"]}
    opened = {"do": "set_state", "state": "open"}
    criteria = {"state_from": "none"}
    api.post("/rules", name="Assign new cases", criteria=criteria, actions=[assign, opened])


def database_of(system: RunningSystem, service: str) -> Database:
    """The database of a service of this system."""
    known = {"CASEWIRE_HOME": system.home, "DATABASE_URL": system.environment.get("DATABASE_URL")}
    return open_database(Settings(**known), service)  # type: ignore[arg-type]


def scalar(system: RunningSystem, service: str, question: str) -> int:
    """The number that a question in SQL to a service's database answers; 0 for nothing."""
    database = database_of(system, service)
    with database.read() as connection:
        found = connection.scalar(text(question))
    database.close()
    return int(found or 0)


def read(mail: Delivered) -> EmailMessage:
    """A delivered mail, parsed as its reader's program does."""
    parsed = email.message_from_bytes(mail.raw, policy=email.policy.default)
    return cast(EmailMessage, parsed)
