"""O3: mails about a user's account: automatic, of no case, and not kept once they are sent."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from support.smtp_peer import SmtpPeer

from services.contracts.mail import Address, MailSend, MailSendData, message_id_for
from services.mailgw.actions.queue_mail import queue_mails
from services.mailgw.actions.send_due_mails import Sender, send_due_mails
from services.mailgw.tables import outgoing
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.identity import new_id

Told = Callable[[], list[tuple[str, dict[str, Any]]]]
LINK = "https://desk.example/reset-password/a-secret-of-tests"


def order(to: str = "eve@ours.example") -> MailSend:
    command_id = new_id()
    data = MailSendData(
        purpose="account",
        message_id=message_id_for(command_id, ""),
        sender=Address(address="", name="Casewire"),
        to=(Address(address=to, name="Eve"),),
        subject="A new password for Casewire",
        text=f"Set it here:\n\n{LINK}\n",
        automatic=True,
    )
    return MailSend(id=command_id, occurred_at=now(), data=data)


def payloads(transactions: Transactions) -> str:
    with transactions.database.read() as connection:
        return "\n".join(connection.scalars(select(outgoing.c.payload)))


def test_O3_it_says_that_a_program_wrote_it_and_its_text_is_forgotten(
    transactions: Transactions, sender: Sender, peer: SmtpPeer, told: Told
) -> None:
    assert queue_mails(transactions, [order()]) == []
    assert LINK in payloads(transactions)
    assert send_due_mails(sender) == 1
    (mail,) = peer.mails
    read = email.message_from_bytes(mail.raw, policy=email.policy.default)
    body = read.get_body(("plain",))
    assert body is not None and LINK in body.get_content()
    assert read["Auto-Submitted"] == "auto-generated"
    assert str(read["From"]) == "Casewire <support@company.example>"
    assert read["Message-ID"].endswith("@casewire.invalid>")
    assert LINK not in payloads(transactions)
    ((kind, event),) = told()
    assert (kind, event["case_id"]) == ("mail.sent", None) and LINK not in str(event)


def test_O3_who_asks_again_is_not_taken_for_a_loop(
    transactions: Transactions, sender: Sender, peer: SmtpPeer
) -> None:
    for _ in range(3):
        queue_mails(transactions, [order()])
    while send_due_mails(sender):
        pass
    assert len(peer.mails) == 3


def test_O3_a_mail_that_waits_keeps_its_text(
    transactions: Transactions, sender: Sender, peer: SmtpPeer
) -> None:
    peer.refusals = {"eve@ours.example": "451 4.7.1 greylisted"}
    queue_mails(transactions, [order()])
    send_due_mails(sender)
    assert peer.mails == [] and LINK in payloads(transactions)
