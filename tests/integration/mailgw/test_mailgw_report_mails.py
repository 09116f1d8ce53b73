"""R3: mails with reports: of no case, each order once, and no loop however many there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from support.smtp_peer import SmtpPeer

from services.contracts.mail import Address, MailSend, MailSendData, message_id_for
from services.mailgw.actions.queue_mail import queue_mails
from services.mailgw.actions.send_due_mails import Sender, send_due_mails
from services.mailgw.model.loop_guard import MOST_MAILS
from services.mailgw.tables import outgoing
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.identity import new_id

Told = Callable[[], list[tuple[str, dict[str, Any]]]]


def order(command_id: str = "", text: str = "Cases: 7") -> MailSend:
    command_id = command_id or new_id()
    data = MailSendData(
        purpose="report",
        message_id=message_id_for(command_id, ""),
        sender=Address(address="", name="Casewire"),
        to=(Address(address="boss@partner.example"),),
        subject="Team, 26 Nov 2026",
        text=text,
        automatic=True,
    )
    return MailSend(id=command_id, occurred_at=now(), data=data)


@pytest.mark.parametrize("sent_between", [False, True])
def test_R3_the_order_of_a_turn_that_comes_again_is_taken_once(
    transactions: Transactions, sender: Sender, peer: SmtpPeer, told: Told, sent_between: bool
) -> None:
    first = order()
    queue_mails(transactions, [first])
    if sent_between:
        send_due_mails(sender)
    assert queue_mails(transactions, [order(first.id, "Cases: 8, as it was made anew")]) == []
    while send_due_mails(sender):
        pass
    (mail,) = peer.mails
    assert b"Cases: 7" in mail.raw and b"Auto-Submitted: auto-generated" in mail.raw
    ((kind, event),) = told()
    assert (kind, event["case_id"]) == ("mail.sent", None)
    with transactions.database.read() as connection:
        assert "Cases: 7" in connection.scalars(select(outgoing.c.payload)).one()


def test_R3_many_reports_to_one_person_are_no_loop(
    transactions: Transactions, sender: Sender, peer: SmtpPeer
) -> None:
    for _ in range(MOST_MAILS + 2):
        queue_mails(transactions, [order()])
    while send_due_mails(sender):
        pass
    assert len(peer.mails) == MOST_MAILS + 2
