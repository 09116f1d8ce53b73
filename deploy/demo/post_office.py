"""Customers' mails, piped into the gateway as a mail server would hand them over."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from deploy.demo.cast import Contact
from deploy.demo.errors import DemoError
from services.runtime.clock import now

ROOT = Path(__file__).parents[2]
AT_ONCE = 3  # each is a process of its own


def letter(
    key: str,
    sender: Contact,
    to: str,
    subject: str,
    text: str,
    *,
    in_copy: Contact | None = None,
    with_photo: bool = False,
) -> EmailMessage:
    """A mail; its Message-ID follows from `key` and the words: it counts once, run after run."""
    mail = EmailMessage()
    mail["From"] = Address(sender.name, addr_spec=sender.address)
    mail["To"] = to
    if in_copy is not None:
        mail["Cc"] = Address(in_copy.name, addr_spec=in_copy.address)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now())
    words = zlib.crc32(f"{subject}\n{text}".encode())
    mail["Message-ID"] = f"<demo.{key}.{words:08x}@{sender.address.rpartition('@')[2]}>"
    mail.set_content(text)
    if with_photo:
        mail.add_attachment(photo(), maintype="image", subtype="png", filename="photo.png")
    return mail


def deliver(mails: Sequence[EmailMessage]) -> None:
    """Hand all of them over; each is stored durably behind this. Raises DemoError."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for _ in threads.map(_pipe, [mail.as_bytes() for mail in mails]):
            pass


def photo() -> bytes:
    """A small picture of coffee: a PNG (RFC 2083) of one colour running into another."""
    width, height = 64, 48
    rows = b"".join(
        b"\0" + bytes(c for x in range(width) for c in (90 + x, 60 + y, 40)) for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def _pipe(raw: bytes) -> None:
    command = [sys.executable, "-m", "services.mailgw", "deliver"]
    done = subprocess.run(command, cwd=ROOT, input=raw, capture_output=True, check=False)
    if done.returncode != 0:
        raise DemoError(f"the gateway took no mail: {done.stderr.decode(errors='replace').strip()}")
