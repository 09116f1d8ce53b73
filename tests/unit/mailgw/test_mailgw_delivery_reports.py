"""M10: reports on the delivery of our mails, regular (RFC 3464) and as real programs write them."""

from __future__ import annotations

import base64
import quopri

import pytest

from services.mailgw.incoming.parse import parse
from services.mailgw.incoming.pipeline import judge
from services.mailgw.model.mail import DeliveryReport

OURS = "<casewire.0193f0c0-0000-7000-8000-000000000001@company.example>"
BOB = "bob@customer.example"


def report_of(raw: str) -> DeliveryReport:
    report = parse(raw.encode()).report
    assert report is not None
    return report


def rfc3464(status: str, returned: str = f"Message-ID: {OURS}", kind: str = "message/rfc822"):
    return (
        "From: MAILER-DAEMON@mx.customer.example\nSubject: Mail report\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\n\nSee below.\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n{status}\n\n"
        f"--b\nContent-Type: {kind}\n\n{returned}\nSubject: [101] Printer\n\n--b--\n"
    )


FAILED = f"Final-Recipient: rfc822; {BOB}\nAction: failed\nStatus: 5.1.1"
DELAYED = f"Final-Recipient: rfc822; {BOB}\nAction: delayed\nStatus: 4.4.1"


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers", "message/global"])
def test_a_regular_report_names_mail_recipient_and_reason(kind: str) -> None:
    found = report_of(
        rfc3464(f"{FAILED}\nDiagnostic-Code: smtp; 550 5.1.1 unknown user", kind=kind)
    )
    assert found == DeliveryReport(OURS, (BOB,), "failed", "smtp; 550 5.1.1 unknown user")


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_did_not_fail_is_no_failure(action: str) -> None:
    raw = rfc3464(f"Final-Recipient: rfc822; {BOB}\nAction: {action}\nStatus: 2.0.0")
    assert report_of(raw).action == action
    verdict = next(v for v in judge(parse(raw.encode())) if v.filter == "is_bounce")
    assert (verdict.outcome, verdict.bounced, verdict.reported) == (action, None, True)


def test_of_several_recipients_those_count_who_failed() -> None:
    eve = "Final-Recipient: rfc822; eve@customer.example\nAction: delivered"
    found = report_of(rfc3464(f"{eve}\n\n{FAILED}\n\n{DELAYED}"))
    assert (found.action, found.recipients) == ("failed", (BOB,))


def test_a_report_without_the_mail_names_it_by_reference() -> None:
    raw = rfc3464(FAILED, returned="X: y").replace(
        "Subject: Mail", f"In-Reply-To: {OURS}\nSubject: M"
    )
    assert report_of(raw).message_id == OURS


def test_a_report_of_somebody_elses_mail_names_that() -> None:
    raw = rfc3464(FAILED, returned="Message-ID: <other@elsewhere.example>")
    assert report_of(raw).message_id == "<other@elsewhere.example>"


def _encoded(text: str, encoding: str) -> str:
    raw = text.encode()
    coded = base64.encodebytes(raw) if encoding == "base64" else quopri.encodestring(raw)
    return f"Content-Transfer-Encoding: {encoding}\n\n{coded.decode()}"


GLOBAL = (
    "Reporting-MTA: dns; mx.customer.example\n\n"
    "Final-Recipient: utf-8; zoë@customer.example\nAction: failed\nStatus: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 5.1.1 niemand heißt so\n\n"
    "Final-Recipient: utf-8; jos\\x{E9}@customer.example\nAction: failed\nStatus: 5.2.2\n\n"
    "Final-Recipient: rfc822; eve@customer.example\nAction: delivered\nStatus: 2.0.0\n"
)


@pytest.mark.parametrize("kind", ["message/global-delivery-status", "message/delivery-status"])
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_M10_a_report_on_addresses_beyond_ascii_names_all_of_them(kind: str, encoding: str) -> None:
    body = f"\n{GLOBAL}" if encoding == "8bit" else _encoded(GLOBAL, encoding)
    raw = (
        "From: MAILER-DAEMON@mx.customer.example\nSubject: Mail report\n"
        "Content-Type: multipart/report; report-type=global-delivery-status; boundary=b\n\n"
        f"--b\n\nSee below.\n--b\nContent-Type: {kind}\n{body}\n"
        f"--b\nContent-Type: message/global-headers\n\nMessage-ID: {OURS}\n\n--b--\n"
    )
    found = report_of(raw)
    assert (found.message_id, found.action) == (OURS, "failed")
    assert found.recipients == ("zoë@customer.example", "josé@customer.example")
    assert found.why == "smtp; 550 5.1.1 niemand heißt so"


YAHOO = f"""\
From: MAILER-DAEMON@mail.example
Subject: Failure Notice

Sorry, we could not deliver your message to this address.

<{BOB}>:
No mx record found for domain=customer.example

--- The original message follows.
Message-ID: {OURS}
"""
YAHOO_CODE = YAHOO.replace("No mx record found for domain=customer.example", "554: 5.7.1 : Denied")


def test_M10_a_reason_without_a_code_stands_below_the_address() -> None:
    assert report_of(YAHOO).why == "No mx record found for domain=customer.example"
    assert report_of(YAHOO_CODE).why == "554: 5.7.1 : Denied"
    assert report_of(QMAIL).why.startswith("Sorry, no mailbox here by that name.")


QMAIL = f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.customer.example
Subject: failure notice

Hi. This is the mail program at mx.customer.example.
I could not hand your message to these addresses, and I have given up. Sorry.

<{BOB}>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <support@company.example>
Message-ID: {OURS}
Subject: [101] Printer

Hello
"""
EXIM = f"""\
X-Failed-Recipients: {BOB}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.customer.example>
Subject: Mail delivery failed: returning message to sender

This message was created by a program that delivers mail.

A message that you sent could not be handed to all of its recipients:

  {BOB}
    host mail.customer.example [192.0.2.7]
    550 5.7.1 we do not want it

------ This is a copy of the message, including all the headers. ------

Message-Id: {OURS}
"""
EXCHANGE_GERMAN = f"""\
From: "Microsoft Outlook" <postmaster@customer.example>
Subject: Unzustellbar: [101] Drucker
References: {OURS}
Content-Type: text/html; charset=utf-8

<p>Die Zustellung an folgende Empfänger ist fehlgeschlagen:</p>
<p><a href="mailto:{BOB}">{BOB}</a></p><p>Das Postfach ist voll.</p>
"""
NOTES = f"""\
From: Postmaster@customer.example
Subject: DELIVERY FAILURE: User bob not listed in the Directory
Content-Type: multipart/mixed; boundary=b

--b

Your message could not be delivered:
bob is not listed

Recipient: {BOB}
--b
Content-Type: message/rfc822

Message-ID: {OURS}
Subject: [101] Printer

Hello
--b--
"""
GMAIL = f"""\
From: Mail Delivery Subsystem <mailer-daemon@mail.example>
X-Failed-Recipients: {BOB}
Subject: Delivery Status Notification (Failure)
In-Reply-To: {OURS}

** Address not found **

Your message was not delivered to {BOB} because the address could not be found.
The response was: 550 5.1.1 no such account
"""
FRENCH = f"""\
From: MAILER-DAEMON@client.example
Subject: Message non remis: [101] Imprimante

Adresse inconnue :
{BOB}

Message-ID: {OURS}
"""


@pytest.mark.parametrize("raw", [QMAIL, EXIM, EXCHANGE_GERMAN, NOTES, GMAIL, FRENCH])
def test_an_irregular_report_names_our_mail_and_whom_it_missed(raw: str) -> None:
    found = report_of(raw)
    assert (found.message_id, found.action) == (OURS, "failed")
    assert found.recipients == (BOB,)
    verdict = next(v for v in judge(parse(raw.encode())) if v.filter == "is_bounce")
    assert (verdict.bounced, verdict.reported) == (OURS, True)
    assert not any(v.out_of_office for v in judge(parse(raw.encode())))


def test_an_irregular_report_gives_its_reason() -> None:
    assert "550 5.7.1 we do not want it" in report_of(EXIM).why
    assert "550 5.1.1 no such account" in report_of(GMAIL).why


def test_an_irregular_delay_is_no_failure() -> None:
    raw = (
        "From: MAILER-DAEMON@mx.example\n"
        "Subject: Warning: could not send message for past 4 hours\n\n"
        f"It will be tried for 5 days.\n\nMessage-ID: {OURS}\n"
    )
    assert report_of(raw).action == "delayed"


@pytest.mark.parametrize(
    "raw",
    [
        f"From: {BOB}\nSubject: failure notice for heating\n\n{OURS}\n",
        f"From: {BOB}\nSubject: Undeliverable parcel\n\nIt came back.\n",
        "From: postmaster@customer.example\nSubject: Please call me\n\nIt is urgent.\n",
    ],
)
def test_what_a_person_writes_is_no_report(raw: str) -> None:
    assert parse(raw.encode()).report is None
