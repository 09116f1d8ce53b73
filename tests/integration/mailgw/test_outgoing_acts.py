"""Operators see what waits to be sent or was given up, and decide about it (M6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from support.smtp_peer import SmtpPeer

from services.contracts.envelope import Actor
from services.contracts.errors import InvalidRequest, NotFound
from services.contracts.mail import Address, MailSend, MailSendData, message_id_for
from services.contracts.mail_lists import OutgoingQuestion
from services.mailgw import outgoing_list
from services.mailgw.actions.act_on_outgoing import act_on_outgoing
from services.mailgw.actions.queue_mail import queue_mails
from services.mailgw.actions.send_due_mails import Sender, send_due_mails
from services.mailgw.tables import outgoing as queue
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.identity import new_id

Told = Callable[[], list[tuple[str, dict[str, Any]]]]
ANNA = Actor(kind="user", id=2, name="Anna Berger")
ANN, BOB = "ann@blue.example", "bob@red.example"


def order(subject: str = "[101] Printer", to: Sequence[str] = (ANN,)) -> MailSend:
    command_id = new_id()
    data = MailSendData(
        purpose="reply",
        message_id=message_id_for(command_id, "support@company.example"),
        sender=Address(address="support@company.example"),
        to=tuple(Address(address=one) for one in to),
        subject=subject,
        text="It is on its way.",
        message_number=3,
    )
    return MailSend(id=command_id, occurred_at=now(), case_id=101, data=data)


def row(transactions: Transactions, mail_id: str) -> Any:
    with transactions.database.read() as connection:
        return connection.execute(select(queue).where(queue.c.id == mail_id)).one()


def subjects(transactions: Transactions, **asked: Any) -> list[str]:
    """Of all pages, two a page."""
    found: list[str] = []
    cursor = None
    while True:
        question = OutgoingQuestion(limit=2, cursor=cursor, **asked)
        with transactions.database.read() as connection:
            page = outgoing_list.page(connection, question)
        found += [item["subject"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            return found


def test_M6_what_waits_is_listed_by_when_it_is_due_and_what_was_given_up_the_newest_first(
    transactions: Transactions,
) -> None:
    orders = [order(f"[{number}] Printer") for number in range(7)]
    at = now()
    for number, one in enumerate(orders):
        queue_mails(transactions, [one], at=at + timedelta(seconds=number // 3))
    assert subjects(transactions) == [one.data.subject for one in orders]
    for one in orders[:5]:
        act_on_outgoing(transactions, one.id, "give_up", ANNA)
    assert subjects(transactions) == ["[5] Printer", "[6] Printer"]
    gone = [one.data.subject for one in reversed(orders[:5])]
    assert subjects(transactions, status="failed") == gone
    with pytest.raises(InvalidRequest, match="cursor"), transactions.database.read() as connection:
        outgoing_list.page(connection, OutgoingQuestion(cursor="yesterday"))


def test_M6_a_mail_given_up_is_told_of_to_its_case_and_no_longer_sent(
    transactions: Transactions, sender: Sender, peer: SmtpPeer, told: Told
) -> None:
    one = order()
    queue_mails(transactions, [one])
    act_on_outgoing(transactions, one.id, "give_up", ANNA)
    ((kind, body),) = told()
    assert (kind, body["case_id"], body["data"]["message_number"]) == ("mail.bounced", 101, 3)
    assert body["data"]["recipients"] == [ANN]
    assert body["data"]["why"] == f"{ANN}: given up by Anna Berger"
    assert send_due_mails(sender) == 0 and peer.mails == []
    with pytest.raises(InvalidRequest, match="has been given up"):
        act_on_outgoing(transactions, one.id, "give_up", ANNA)


def test_M6_a_mail_put_off_is_tried_again_at_once(
    transactions: Transactions, sender: Sender, peer: SmtpPeer
) -> None:
    one = order()
    queue_mails(transactions, [one], at=now() + timedelta(hours=5))
    assert send_due_mails(sender) == 0
    act_on_outgoing(transactions, one.id, "again", ANNA)
    assert send_due_mails(sender) == 1 and len(peer.mails) == 1
    with pytest.raises(InvalidRequest, match="has been sent"):
        act_on_outgoing(transactions, one.id, "again", ANNA)


def test_M6_a_mail_that_failed_goes_again_only_to_those_it_did_not_reach(
    transactions: Transactions, sender: Sender, peer: SmtpPeer
) -> None:
    one = order(to=(ANN, BOB))
    queue_mails(transactions, [one])
    failed = {"status": "failed", "remaining": [], "attempts": 9, "why": f"{BOB}: 550 no such user"}
    with transactions.database.write() as connection:
        connection.execute(update(queue).where(queue.c.id == one.id).values(failed))
        page = outgoing_list.page(connection, OutgoingQuestion(status="failed"))
    assert page["items"][0]["to"] == [BOB]
    act_on_outgoing(transactions, one.id, "again", ANNA)
    assert (row(transactions, one.id).attempts, row(transactions, one.id).why) == (0, "")
    assert send_due_mails(sender) == 1
    assert [list(mail.recipients) for mail in peer.mails] == [[BOB]]


def test_M6_a_mail_in_the_hands_of_a_sender_is_left_to_him(transactions: Transactions) -> None:
    one = order()
    queue_mails(transactions, [one])
    with transactions.database.write() as connection:
        connection.execute(update(queue).values(status="sending"))
    for act in ("again", "give_up"):
        with pytest.raises(InvalidRequest, match="being sent just now"):
            act_on_outgoing(transactions, one.id, act, ANNA)
    with pytest.raises(NotFound):
        act_on_outgoing(transactions, "none", "again", ANNA)
