"""The mails that each gateway is given: a letter, and from some size on a file beside it."""

from __future__ import annotations

import base64
import random

LETTER = (
    "Hello,\n\nsince this morning belt {number} stands still. We have tried to start it again, "
    "twice, without success.\nCan you send somebody?\n\nKind regards\nAnn\n"
)
SENDERS = 20


def make_mails(count: int, size_bytes: int, seed: int) -> list[bytes]:
    """So many mails of about this size, each another, as a mail program writes them."""
    source = random.Random(seed)
    return [_mail(seed * 100_000 + number, size_bytes, source) for number in range(count)]


def _mail(number: int, size_bytes: int, source: random.Random) -> bytes:
    sender = f"ann{number % SENDERS}@customer.example"
    head = (
        f"Received: from mx.customer.example by mx.ours.example; Mon, 05 Oct 2026 07:00:00 +0000\n"
        f"From: Ann Lee <{sender}>\nTo: support@ours.example\nSubject: Belt {number}\n"
        f"Date: Mon, 05 Oct 2026 07:00:00 +0000\nMessage-ID: <{number}@customer.example>\n"
        "MIME-Version: 1.0\n"
    )
    text = LETTER.format(number=number)
    if size_bytes < 2_000:
        filler = "It is the one at the door.\n" * max(0, (size_bytes - len(head + text)) // 27)
        return f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}{filler}".encode()
    room = (size_bytes - len(head) - len(text) - 400) * 57 // 77
    content = base64.encodebytes(b"%PDF-1.4\n" + source.randbytes(room)).decode()
    return (
        f"{head}Content-Type: multipart/mixed; boundary=frontier\n\n"
        f"--frontier\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
        "--frontier\nContent-Type: application/pdf; name=belt.pdf\n"
        "Content-Transfer-Encoding: base64\n"
        f"Content-Disposition: attachment; filename=belt.pdf\n\n{content}\n--frontier--\n"
    ).encode()
