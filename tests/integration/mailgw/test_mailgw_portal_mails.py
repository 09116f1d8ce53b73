"""Issue 5 item 6: one mail, of which its owner alone gets the link into the portal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
import time_machine
from support.smtp_peer import Delivered, SmtpPeer

from services.contracts.mail import Address, MailSend, MailSendData, PortalLink, message_id_for
from services.mailgw.actions.queue_mail import queue_mails
from services.mailgw.actions.send_due_mails import Sender, send_due_mails
from services.mailgw.errors import ServerRefused
from services.mailgw.model.outcome import Outcome
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.identity import new_id

Told = Callable[[], list[tuple[str, dict[str, Any]]]]
ANN, BOB = "ann@customer.example", "bob@customer.example"
LINK = "https://desk.example/portal/101-cmf3k2x9q-abcdefghijklmnopqrstuvwxyz"


def order() -> MailSend:
    command_id = new_id()
    data = MailSendData(
        purpose="reply",
        message_id=message_id_for(command_id, "support@company.example"),
        sender=Address(address="support@company.example"),
        to=(Address(address=ANN),),
        cc=(Address(address=BOB),),
        subject="[101] Printer",
        text="It is on its way.",
        portal=PortalLink(address=ANN, token=LINK.rpartition("/")[2]),
        message_number=3,
    )
    return MailSend(id=command_id, occurred_at=now(), case_id=101, data=data)


def said(mail: Delivered) -> str:
    body = message_from_bytes(mail.raw, policy=default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def at_work(sender: Sender) -> Sender:
    return replace(sender, public_address="https://desk.example")


def test_portal_each_gets_his_words_under_one_message_id(
    transactions: Transactions, sender: Sender, peer: SmtpPeer, told: Told
) -> None:
    assert queue_mails(transactions, [order()]) == []
    send_due_mails(at_work(sender))
    by_recipient = {mail.recipients: mail for mail in peer.mails}
    assert set(by_recipient) == {(ANN,), (BOB,)}
    assert LINK in said(by_recipient[(ANN,)]) and "portal" not in said(by_recipient[(BOB,)])
    ids = {message_from_bytes(mail.raw)["Message-ID"] for mail in peer.mails}
    assert len(ids) == 1
    ((_, sent),) = [one for one in told() if one[0] == "mail.sent"]
    assert sorted(sent["data"]["recipients"]) == [ANN, BOB]


def test_portal_who_is_put_off_gets_his_own_words_later(
    transactions: Transactions, sender: Sender, peer: SmtpPeer
) -> None:
    peer.refusals[ANN] = "451 4.7.1 greylisted"
    queue_mails(transactions, [order()])
    send_due_mails(at_work(sender))
    assert [mail.recipients for mail in peer.mails] == [(BOB,)]
    peer.refusals.clear()
    with time_machine.travel(now() + timedelta(hours=1), tick=True):
        send_due_mails(at_work(sender))
    assert [mail.recipients for mail in peer.mails] == [(BOB,), (ANN,)]
    assert LINK in said(peer.mails[1])


def test_portal_a_server_lost_between_the_two_sends_nobody_his_mail_twice(
    transactions: Transactions, sender: Sender, peer: SmtpPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sender.session.send

    def only_the_first(address: str, recipients: Sequence[str], content: bytes) -> Outcome:
        if list(recipients) == [BOB]:
            raise ServerRefused("gone")
        return real(address, recipients, content)

    queue_mails(transactions, [order()])
    with monkeypatch.context() as broken:
        broken.setattr(sender.session, "send", only_the_first)
        send_due_mails(at_work(sender))
    with time_machine.travel(now() + timedelta(hours=1), tick=True):
        send_due_mails(at_work(sender))
    assert [mail.recipients for mail in peer.mails] == [(ANN,), (BOB,)]
