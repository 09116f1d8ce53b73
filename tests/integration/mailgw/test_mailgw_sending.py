"""The outgoing queue against a real SMTP server: everything ends sent, waiting or told (M4-M7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from support.smtp_peer import SmtpPeer

from services.contracts.mail import Address, Attachment, MailSend, MailSendData, message_id_for
from services.mailgw.actions.queue_mail import queue_mails
from services.mailgw.actions.send_due_mails import Sender, send_due_mails
from services.mailgw.actions.store_mail import store_mails
from services.mailgw.errors import ServerRefused
from services.mailgw.incoming.parse import parse
from services.mailgw.model.retry_pauses import MOST_ATTEMPTS, pause_after
from services.mailgw.tables import outgoing as queue
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.identity import new_id

Told = Callable[[], list[tuple[str, dict[str, Any]]]]
ANN, BOB = "ann@customer.example", "bob@customer.example"


def order(to: Sequence[str] = (ANN,), **fields: Any) -> MailSend:
    command_id = new_id()
    data: dict[str, Any] = {
        "purpose": "reply",
        "message_id": message_id_for(command_id, "support@company.example"),
        "sender": Address(address="support@company.example", name="Support"),
        "to": tuple(Address(address=one) for one in to),
        "subject": "[101] Drücker",
        "text": "It is on its way.\n",
        "message_number": 3,
    }
    return MailSend(
        id=command_id, occurred_at=now(), case_id=101, data=MailSendData(**data | fields)
    )


def rows(transactions: Transactions) -> list[dict[str, Any]]:
    with transactions.database.read() as connection:
        return [
            dict(row) for row in connection.execute(select(queue).order_by(queue.c.id)).mappings()
        ]


def later(moment: datetime, attempts: int) -> datetime:
    return moment + pause_after(attempts) + timedelta(seconds=1)


def test_M6_an_ordered_mail_is_sent_once_and_said_so(
    transactions: Transactions, sender: Sender, peer: SmtpPeer, told: Told
) -> None:
    command = order([ANN, BOB, ANN.upper()])
    assert queue_mails(transactions, [command, command]) == []
    assert queue_mails(transactions, [command]) == []
    assert send_due_mails(sender) == 1
    assert send_due_mails(sender) == 0
    (mail,) = peer.mails
    assert mail.sender == "support@company.example" and mail.recipients == (ANN, BOB)
    parsed = parse(mail.raw)
    assert parsed.subject == "[101] Drücker"
    assert parsed.message_id == command.data.message_id
    ((kind, event),) = told()
    assert kind == "mail.sent" and event["case_id"] == 101
    assert event["data"] == {
        "command_id": command.id,
        "message_id": command.data.message_id,
        "recipients": [ANN, BOB],
        "message_number": 3,
        "why": "",
    }
    assert event["cause"] == [{"kind": "event", "id": command.id, "name": "mail.send"}]
    (row,) = rows(transactions)
    assert (row["status"], row["attempts"], row["remaining"]) == ("sent", 1, [])


def test_M6_attachments_go_out_from_the_raw_mail(
    transactions: Transactions, sender: Sender, peer: SmtpPeer
) -> None:
    raw = (
        b"From: ann@customer.example\r\nContent-Type: image/png\r\n"
        b"Content-Disposition: attachment; filename=screen.png\r\n\r\n\x89PNG bytes"
    )
    (mail_id,) = store_mails(transactions, "pipe", [raw]).ids
    there = Attachment(
        mail_id=mail_id, part=0, filename="screen.png", content_type="image/png", size_bytes=10
    )
    gone = there.model_copy(update={"mail_id": "gone", "filename": "lost.png"})
    large = there.model_copy(update={"filename": "film.mp4", "size_bytes": 30_000_000})
    queue_mails(transactions, [order(attachments=(there, gone, large))])
    send_due_mails(sender)
    mail = parse(peer.mails[0].raw)
    assert [(a.filename, a.size_bytes) for a in mail.attachments] == [("screen.png", 10)]
    assert "film.mp4 (29 MB), lost.png" in mail.text


def test_M12_refused_for_now_it_is_sent_later(
    transactions: Transactions, sender: Sender, peer: SmtpPeer, told: Told
) -> None:
    peer.refusals[ANN] = "451 4.7.1 greylisted, come again"
    queue_mails(transactions, [order([ANN, BOB])])
    began = now()
    send_due_mails(sender)
    (row,) = rows(transactions)
    assert (row["status"], row["remaining"]) == ("queued", [ANN])
    assert "greylisted" in row["why"] and row["next_attempt_at"] >= began + pause_after(1)
    assert send_due_mails(sender) == 0
    peer.refusals.clear()
    with time_machine.travel(later(began, 1), tick=True):
        assert send_due_mails(sender) == 1
    assert [mail.recipients for mail in peer.mails] == [(BOB,), (ANN,)]
    assert [(kind, event["data"]["recipients"]) for kind, event in told()] == [
        ("mail.sent", [BOB]),
        ("mail.sent", [ANN]),
    ]
    assert rows(transactions)[0]["status"] == "sent"


def test_M10_refused_for_good_for_one_the_other_gets_it(
    transactions: Transactions, sender: Sender, peer: SmtpPeer, told: Told
) -> None:
    peer.refusals[BOB] = "550 5.1.1 no such user"
    queue_mails(transactions, [order([ANN, BOB])])
    send_due_mails(sender)
    assert [mail.recipients for mail in peer.mails] == [(ANN,)]
    (_, sent), (kind, bounced) = told()
    assert sent["data"]["recipients"] == [ANN]
    assert kind == "mail.bounced" and bounced["case_id"] == 101
    assert bounced["data"]["recipients"] == [BOB] and "no such user" in bounced["data"]["why"]
    (row,) = rows(transactions)
    assert (row["status"], row["attempts"]) == ("sent", 1) and "no such user" in row["why"]


@pytest.mark.parametrize(
    "refusal",
    [
        {"sender_answer": "554 5.7.1 spam"},
        {"content_answer": "554 5.7.1 spam"},
        {"sender_answer": "452 4.3.1 disk full"},
        {"content_answer": "452 4.3.1 disk full"},
    ],
)
def test_M12_a_mail_refused_whole(
    transactions: Transactions, sender: Sender, peer: SmtpPeer, told: Told, refusal: dict[str, str]
) -> None:
    ((where, answer),) = refusal.items()
    setattr(peer, where, answer)
    status = "failed" if answer.startswith("5") else "queued"
    queue_mails(transactions, [order([ANN]), order([BOB])])
    assert send_due_mails(sender) == 2
    assert peer.mails == [] and peer.connections == 1
    assert [row["status"] for row in rows(transactions)] == [status] * 2
    assert all(answer[4:] in row["why"] for row in rows(transactions))
    assert len(told()) == (2 if status == "failed" else 0)


def test_M12_a_server_that_is_away_puts_all_off_and_at_last_it_is_given_up(
    transactions: Transactions, sender: Sender, peer: SmtpPeer, told: Told
) -> None:
    peer.stop()
    queue_mails(transactions, [order([ANN])])
    moment = now()
    for attempt in range(1, MOST_ATTEMPTS + 1):
        with time_machine.travel(moment, tick=False), pytest.raises(ServerRefused, match="refuses"):
            send_due_mails(sender)
        moment = later(moment, attempt)
        (row,) = rows(transactions)
        assert row["attempts"] == attempt
        assert row["status"] == ("failed" if attempt == MOST_ATTEMPTS else "queued")
    ((kind, event),) = told()
    assert kind == "mail.bounced"
    assert f"given up after {MOST_ATTEMPTS} attempts" in event["data"]["why"]


def test_M12_a_stop_gives_back_what_was_not_begun(
    transactions: Transactions, sender: Sender, peer: SmtpPeer
) -> None:
    queue_mails(transactions, [order([ANN]) for _ in range(5)])
    object.__setattr__(sender, "stopping", lambda: len(peer.mails) == 2)
    assert send_due_mails(sender) == 0
    object.__setattr__(sender, "stopping", lambda: False)
    assert send_due_mails(sender) == 3
    assert len(peer.mails) == 5 and {row["attempts"] for row in rows(transactions)} == {1}
