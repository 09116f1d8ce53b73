"""Mails of every kind as a mail server hands them over in a busy hour, each unlike all others."""

from __future__ import annotations

import random
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from typing import Literal

from builders.mail_program import answer_to, new_mail

SUPPORT = "support@ours.example"
Kind = Literal["new", "answer", "absence", "spam", "broken"]


@dataclass(frozen=True)
class Given:
    """A mail as it was handed over: by which account, and the mail of ours that it answers."""

    account: str
    kind: Kind
    raw: bytes
    answers: str = ""


def customer(number: int) -> str:
    """Each writes one first mail, so that no bound on automatic replies is met."""
    return f"customer{number}@blue.example"


def first_mail(dice: random.Random, number: int) -> bytes:
    """A new matter, one in five with a picture."""
    picture = dice.randbytes(dice.randint(100, 20_000)) if dice.random() < 0.2 else b""
    text = f"My order {number} has not arrived.\n" * dice.randint(1, 20)
    mail = new_mail(customer(number), SUPPORT, f"Order {number}", text, attachment=picture)
    return mail.as_bytes(policy=SMTP)


def answer(dice: random.Random, received: EmailMessage, sender: str, number: int) -> bytes:
    """An answer to a mail of ours, one in five with a picture."""
    mail = answer_to(received, sender, f"Answer {number}: it is still not here.")
    if dice.random() < 0.2:
        picture = dice.randbytes(dice.randint(100, 20_000))
        mail.add_attachment(picture, maintype="image", subtype="png", filename="label.png")
    return mail.as_bytes(policy=SMTP)


def absence(received: EmailMessage, sender: str, number: int) -> bytes:
    """What an absent reader's program says (RFC 3834)."""
    mail = answer_to(received, sender, f"I am away until Monday ({number}).")
    mail.replace_header("Subject", f"Automatic reply: {received['Subject']}")
    mail["Auto-Submitted"] = "auto-replied"
    return mail.as_bytes(policy=SMTP)


def spam(number: int) -> bytes:
    """A mail that the mail server has flagged."""
    mail = new_mail(f"prince{number}@far.example", SUPPORT, f"Riches {number}", "Send money.")
    mail["X-Spam-Flag"] = "YES"
    return mail.as_bytes(policy=SMTP)


def broken(dice: random.Random, number: int) -> bytes:
    """A mail cut off, of an unknown charset, with binary rubbish in it, or rubbish altogether."""
    whole = new_mail(
        f"broken{number}@blue.example",
        SUPPORT,
        f"Broken {number}",
        "Here is the picture.",
        attachment=dice.randbytes(3_000),
    ).as_bytes(policy=SMTP)
    head = (
        f"From: broken{number}@blue.example\r\nMessage-ID: {make_msgid(domain='blue.example')}\r\n"
    ).encode()
    rubbish = bytes(dice.choices(range(0x80, 0x100), k=300))  # no line ends, which servers mend
    forms = (
        whole[: len(whole) * 2 // 3],
        head + b"Content-Type: text/plain; charset=x-unknown\r\n\r\n" + rubbish,
        head + b"Subject: =?utf-8?q?=\r\n" + rubbish,
        b"rubbish " + rubbish,
    )
    return dice.choice(forms)
