"""More mails than those of a flood: answers by each way to a case, returned ones, repeated ones."""

from __future__ import annotations

import random
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses

from builders.flood_mails import SUPPORT
from builders.mail_program import answer_to, new_mail

EXPERTS = 8
TOPICS = ("urgent", "watched by", "soon", "order", "order", "order", "question", "question")
NO_USER = "550 5.1.1 there is no such user"


def opening(dice: random.Random, sender: str, number: int) -> bytes:
    """A new matter, whose subject has a word that rules look for; one in six with a picture."""
    picture = dice.randbytes(dice.randint(100, 20_000)) if dice.random() < 0.17 else b""
    text = f"Matter {number} is not settled.\n" * dice.randint(1, 12)
    subject = f"{dice.choice(TOPICS)} expert {number % EXPERTS}, matter {number}"
    return new_mail(sender, SUPPORT, subject, text, attachment=picture).as_bytes(policy=SMTP)


def answer_by_references(received: EmailMessage, sender: str, number: int) -> bytes:
    """An answer that keeps the thread, but not the number in the subject."""
    mail = answer_to(received, sender, f"Answer {number}, in the thread.")
    mail.replace_header("Subject", f"Re: my matter {number}")
    mail.replace_header("To", SUPPORT)
    return mail.as_bytes(policy=SMTP)


def answer_by_number(received: EmailMessage, sender: str, number: int) -> bytes:
    """A new mail with the subject of ours: its number is all that leads to the case."""
    text = f"Answer {number}, by the number alone."
    return new_mail(sender, SUPPORT, f"Re: {received['Subject']}", text).as_bytes(policy=SMTP)


def answer_by_address(received: EmailMessage, sender: str, number: int) -> bytes:
    """A new mail to the signed address that ours asked for answers to."""
    asked = getaddresses([str(received["Reply-To"] or received["From"])])[0][1]
    text = f"Answer {number}, to the signed address."
    return new_mail(sender, asked, f"My matter {number}", text).as_bytes(policy=SMTP)


def answer_whole(received: EmailMessage, sender: str, number: int) -> bytes:
    """An answer as mail programs make it: thread, number and address."""
    mail = answer_to(received, sender, f"Answer {number}, as usual.")
    return mail.as_bytes(policy=SMTP)


def returned(received: EmailMessage, reader: str, number: int) -> bytes:
    """What a mail server says that could not deliver our mail (RFC 3464)."""
    host = reader.rpartition("@")[2]
    boundary = f"returned-{number}"
    lines = [
        f"From: MAILER-DAEMON@{host}",
        f"To: {SUPPORT}",
        f"Subject: Undelivered Mail Returned to Sender {number}",
        f"Message-ID: <returned.{number}@{host}>",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"',
        *("MIME-Version: 1.0", "", f"--{boundary}", "", "I am sorry."),
        *(f"--{boundary}", "Content-Type: message/delivery-status", ""),
        *(f"Reporting-MTA: dns; {host}", "", f"Final-Recipient: rfc822; {reader}"),
        *("Action: failed", "Status: 5.1.1", f"Diagnostic-Code: smtp; {NO_USER}", ""),
        *(f"--{boundary}", "Content-Type: message/rfc822", ""),
        *(f"Message-ID: {received['Message-ID']}", f"Subject: number {number}", ""),
        *(f"--{boundary}--", ""),
    ]
    return "\r\n".join(lines).encode()


def written_again(raw: bytes, number: int) -> bytes:
    """The same mail by another way: the same Message-ID, but not the same bytes."""
    return f"Received: from relay{number}.example by ours.example\r\n".encode() + raw
