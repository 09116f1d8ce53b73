"""Mails as the gateway announces them, with what a test does not care about filled in."""

from __future__ import annotations

from typing import Any

from services.contracts.mail import (
    Address,
    MailReceived,
    MailReceivedData,
    NewCaseDefaults,
)
from services.runtime.clock import now
from services.runtime.identity import new_id

SUPPORT = "support@ours.example"


def received_mail(sender: str, subject: str = "Printer is on fire", **more: Any) -> MailReceived:
    """A `mail.received`; `to` and `cc` are lists of addresses, `new_case` a dict."""
    to = more.pop("to", [SUPPORT])
    cc = more.pop("cc", [])
    data = MailReceivedData(
        mail_id=new_id(),
        account="pipe",
        received_at=now(),
        message_id=more.pop("message_id", f"<{new_id()}@{sender.partition('@')[2]}>"),
        sender=Address(address=sender, name=more.pop("name", "")),
        to=tuple(Address(address=one) for one in to),
        cc=tuple(Address(address=one) for one in cc),
        subject=subject,
        text=more.pop("text", "Please help."),
        new_case=NewCaseDefaults(**more.pop("new_case", {})),
        own_addresses=(SUPPORT,),
        **more,
    )
    return MailReceived(id=new_id(), occurred_at=now(), data=data)
