"""Each thing that an SMTP server can answer, or not answer, over STARTTLS and AUTH (M12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from support.dovecot import make_certificate
from support.rude_smtp import STEPS, RudeSmtp
from support.smtp_peer import LOGIN, PASSWORD, SmtpPeer

from services.contracts.mail import Address, MailSend, MailSendData, message_id_for
from services.mailgw.actions.queue_mail import queue_mails
from services.mailgw.actions.send_due_mails import Sender, send_due_mails
from services.mailgw.errors import ServerRefused
from services.mailgw.incoming.parse import parse
from services.mailgw.model import slow_domains
from services.mailgw.model.accounts import OutgoingAccount
from services.mailgw.model.retry_pauses import pause_after
from services.mailgw.outgoing.lanes import scopes_of
from services.mailgw.outgoing.send import Session
from services.mailgw.tables import outgoing as queue
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.file_store import FileStore
from services.runtime.identity import new_id

Told = Callable[[], list[tuple[str, dict[str, Any]]]]
ANN, BOB, CARL = "ann@customer.example", "bob@customer.example", "carl@customer.example"


def order(*to: str, **fields: Any) -> MailSend:
    command_id = new_id()
    known: dict[str, Any] = {
        "purpose": "reply",
        "message_id": message_id_for(command_id, "support@company.example"),
        "sender": Address(address="support@company.example", name="Support"),
        "to": tuple(Address(address=one) for one in to or (ANN,)),
        "subject": "[101] Printer",
        "text": "It is on its way.\n",
    }
    return MailSend(
        id=command_id, occurred_at=now(), case_id=101, data=MailSendData(**known | fields)
    )


def rows(transactions: Transactions) -> list[dict[str, Any]]:
    with transactions.database.read() as connection:
        question = select(queue).order_by(queue.c.id)
        return [dict(row) for row in connection.execute(question).mappings()]


def sender_by(
    transactions: Transactions, files: FileStore, fields: dict[str, object], password: str = ""
) -> Sender:
    account = OutgoingAccount.model_validate(fields)
    ((_, scope),) = scopes_of([account])
    return Sender(transactions, account, scope, Session(account, password), files)


@pytest.fixture
def strict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpPeer]:
    """A peer that wants STARTTLS and a login."""
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    peer = SmtpPeer(login_wanted=True, certificate=certificate)
    peer.start()
    yield peer
    peer.stop()


@pytest.fixture
def by(strict: SmtpPeer, transactions: Transactions, files: FileStore) -> Iterator[Sender]:
    """What sends by the strict peer."""
    made = sender_by(
        transactions, files, strict.account(security="starttls", login=LOGIN), PASSWORD
    )
    yield made
    made.session.close()


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize(
    "refusal",
    [
        ("451 4.7.1 greylisted", "queued"),
        ("450 4.2.1 busy", "queued"),
        ("452 4.5.3 too many recipients", "queued"),
        ("552 5.5.3 too many recipients", "queued"),
        ("550 5.1.1 no such user", "sent"),
        ("552 5.2.2 mailbox full", "sent"),
        ("553 5.1.3 no such domain", "sent"),
    ],
)
def test_M12_one_recipient_of_three_refused(
    transactions: Transactions,
    strict: SmtpPeer,
    by: Sender,
    told: Told,
    refusal: tuple[str, str],
) -> None:
    answer, status = refusal
    strict.refusals[BOB] = answer
    queue_mails(transactions, [order(ANN, BOB, CARL)])
    begun = now()
    send_due_mails(by)
    assert [mail.recipients for mail in strict.mails] == [(ANN, CARL)]
    (row,) = rows(transactions)
    assert (row["status"], row["remaining"]) == (status, [BOB] if status == "queued" else [])
    assert answer in row["why"]
    bounced = [event["data"] for kind, event in told() if kind == "mail.bounced"]
    assert [one["recipients"] for one in bounced] == ([] if status == "queued" else [[BOB]])
    strict.refusals.clear()
    with time_machine.travel(begun + pause_after(1) + timedelta(seconds=2), tick=True):
        assert send_due_mails(by) == (1 if status == "queued" else 0)
    expected = [(ANN, CARL), (BOB,)] if status == "queued" else [(ANN, CARL)]
    assert [mail.recipients for mail in strict.mails] == expected


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_M12_a_server_that_closes_at_a_recipient_gets_all_again(
    transactions: Transactions, strict: SmtpPeer, by: Sender
) -> None:
    strict.refusals[BOB] = "421 4.3.2 shutting down"
    queue_mails(transactions, [order(ANN, BOB)])
    send_due_mails(by)
    assert strict.mails == [] and rows(transactions)[0]["remaining"] == [ANN, BOB]
    assert "shutting down" in rows(transactions)[0]["why"]


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize("where", ["sender_answer", "refusals"])
def test_M12_a_refused_account_is_no_fault_of_the_mail(
    transactions: Transactions, strict: SmtpPeer, by: Sender, told: Told, where: str
) -> None:
    wrong = "550 5.7.8 authentication credentials invalid"
    if where == "refusals":
        strict.refusals[ANN] = wrong
    else:
        strict.sender_answer = wrong
    queue_mails(transactions, [order(), order()])
    with pytest.raises(ServerRefused, match="refuses the login"):
        send_due_mails(by)
    assert [row["status"] for row in rows(transactions)] == ["queued", "queued"]
    assert told() == []


@pytest.mark.parametrize("step", STEPS)
def test_M12_a_line_that_breaks_at_any_step_loses_nothing(
    transactions: Transactions, files: FileStore, step: str
) -> None:
    rude = RudeSmtp()
    rude.start()
    by = sender_by(transactions, files, rude.account())
    rude.hangs_up_at = [step]
    command = order(text="a\n.\n..b\n")
    queue_mails(transactions, [command])
    begun = now()
    try:
        send_due_mails(by)
    except ServerRefused:
        assert step == "EHLO"
    (row,) = rows(transactions)
    assert (row["status"], row["remaining"]) == ("queued", [ANN]) and row["why"]
    with time_machine.travel(begun + pause_after(1) + timedelta(seconds=2), tick=True):
        send_due_mails(by)
    by.session.close()
    rude.stop()
    assert rows(transactions)[0]["status"] == "sent"
    # The one window that SMTP leaves open: the server had it and could not say so.
    assert len(rude.contents) == (2 if step == "behind the content" else 1)
    assert {parse(one).message_id for one in rude.contents} == {command.data.message_id}


def test_M12_a_mail_too_large_for_the_server_is_told_at_once(
    transactions: Transactions, sender: Sender, peer: SmtpPeer, told: Told
) -> None:
    peer.sender_answer = "552 5.3.4 message size exceeds fixed limit"
    queue_mails(transactions, [order()])
    send_due_mails(sender)
    ((kind, event),) = told()
    assert kind == "mail.bounced" and "5.3.4" in event["data"]["why"]


def test_M12_one_slow_domain_holds_up_one_mail_of_a_batch(
    transactions: Transactions, sender: Sender, peer: SmtpPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow_domains, "SLOW_SECONDS", 0.0)
    peer.refusals["x@dead.example"] = peer.refusals["y@dead.example"] = "451 4.4.1 no answer"
    orders = [order("x@dead.example"), order("y@dead.example"), order(ANN)]
    queue_mails(transactions, orders)
    assert send_due_mails(sender) == 3
    first, second, third = rows(transactions)
    assert "no answer" in first["why"] and second["why"] == slow_domains.WHY
    assert (second["status"], third["status"]) == ("queued", "sent")
