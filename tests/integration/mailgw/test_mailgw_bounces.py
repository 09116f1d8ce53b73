"""A mail of ours that comes back is told of the case it concerns (M10, RFC 3464)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.contracts.mail import Address, MailSend, MailSendData
from services.mailgw.actions.queue_mail import queue_mails
from services.mailgw.actions.store_mail import store_mails
from services.messaging.transaction import Transactions
from services.runtime.clock import now

Told = Callable[[], list[tuple[str, dict[str, Any]]]]
ORDER = MailSend(
    id="0193f0c0-0000-7000-8000-000000000001",
    occurred_at=now(),
    case_id=101,
    data=MailSendData(
        purpose="reply",
        message_id="<casewire.1@company.example>",
        sender=Address(address="support@company.example"),
        to=(Address(address="ann@customer.example"), Address(address="bob@customer.example")),
        subject="[101] Printer",
        text="Hello.",
        message_number=3,
    ),
)
BOUNCE = b"""From: MAILER-DAEMON@customer.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

I am sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customer.example

Final-Recipient: rfc822; bob@customer.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such user

--b
Content-Type: message/rfc822

Message-ID: <casewire.1@company.example>
Subject: [101] Printer

--b--
"""


def test_M10_a_bounce_of_our_mail_is_told_of_its_case(
    transactions: Transactions, process_all: Callable[[], int], told: Told
) -> None:
    queue_mails(transactions, [ORDER])
    store_mails(transactions, "pipe", [BOUNCE])
    process_all()
    ((kind, event),) = told()
    assert kind == "mail.bounced" and event["case_id"] == 101
    assert event["data"]["command_id"] == ORDER.id
    assert event["data"]["recipients"] == ["bob@customer.example"]
    assert event["data"]["message_number"] == 3
    assert "no such user" in event["data"]["why"]


def test_M10_a_bounce_of_somebody_elses_mail_is_an_automatic_mail(
    transactions: Transactions, process_all: Callable[[], int], told: Told
) -> None:
    store_mails(transactions, "pipe", [BOUNCE])
    process_all()
    ((kind, event),) = told()
    assert kind == "mail.received" and event["data"]["automatic"] is True
