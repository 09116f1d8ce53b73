"""Bytes to a frozen `Mail`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from email.message import Message
from email.parser import BytesFeedParser, BytesParser
from email.policy import compat32

from services.contracts.mail import Address
from services.mailgw.errors import UnreadableMail
from services.mailgw.incoming.addresses import read_addresses
from services.mailgw.incoming.authentication_results import trusted_results
from services.mailgw.incoming.beginning import mended_beginning
from services.mailgw.incoming.body import read_body
from services.mailgw.incoming.boundaries import boundary_found
from services.mailgw.incoming.contents import read_contents
from services.mailgw.incoming.dates import read_date
from services.mailgw.incoming.delivery_report import read_receipt, read_report
from services.mailgw.incoming.headers import decode_words, message_ids, read_headers
from services.mailgw.incoming.irregular_receipt import read_irregular_receipt
from services.mailgw.incoming.irregular_report import read_irregular_report
from services.mailgw.incoming.large_bodies import LARGE_BYTES, bring_back, set_aside
from services.mailgw.incoming.parts import leaves
from services.mailgw.model.mail import Mail

MOST_SUBJECT_CHARACTERS = 500
MOST_REFERENCES = 100
OF_A_PROGRAM = "mailer-daemon@unknown.invalid"
PORTION_BYTES = 256 * 1024
_PARSER = BytesParser(policy=compat32)  # lenient, and five times as fast as the newer policies

Headers = Mapping[str, tuple[str, ...]]


def parse(raw: bytes, own_addresses: Iterable[str] = (), trusted_host: str = "") -> Mail:
    """The mail in `raw`.

    Raises UnreadableMail when nobody can be told to have sent it, or when its
    structure defeats the parser; the sentence says which.
    """
    try:
        return _parse(raw, frozenset(own_addresses), trusted_host)
    except UnreadableMail:
        raise
    except RecursionError as error:
        raise UnreadableMail("its parts are nested too deeply") from error
    except Exception as error:  # any bytes must end as a mail or in quarantine, by name
        raise UnreadableMail(f"it cannot be parsed ({type(error).__name__}: {error})") from error


def read_message(raw: bytes) -> Message:
    """The tree of parts in `raw`."""
    raw = mended_beginning(raw)
    small, bodies = set_aside(raw) if len(raw) > LARGE_BYTES else (raw, {})
    message = _read_tree(small)
    boundary = boundary_found(message)
    if boundary is not None:
        message.set_boundary(boundary)
        message = _read_tree(message.as_bytes())
    bring_back(message, [part for _, part, _ in leaves(message)], bodies)
    return message


def _read_tree(raw: bytes) -> Message:
    if len(raw) < PORTION_BYTES:
        return _PARSER.parsebytes(raw)
    # At one go the parser would hold a large mail several times over.
    feeding = BytesFeedParser(policy=compat32)
    for start in range(0, len(raw), PORTION_BYTES):
        feeding.feed(raw[start : start + PORTION_BYTES])
    return feeding.close()


def _parse(raw: bytes, own_addresses: frozenset[str], trusted_host: str) -> Mail:
    message = read_message(raw)
    headers = read_headers(message)
    contents = read_contents(message)
    body = read_body(contents.text, "\n".join(contents.html))
    ids = message_ids(headers.get("message-id", ()))
    receipt = read_receipt(message) or read_irregular_receipt(message, headers)
    return Mail(
        headers=headers,
        message_id=ids[0] if ids else made_up_id(raw),
        sender=_sender(headers, message.get_content_type()),
        content_type=message.get_content_type(),
        to=read_addresses(headers.get("to", ())),
        cc=read_addresses(headers.get("cc", ())),
        in_reply_to=message_ids(headers.get("in-reply-to", ()))[:MOST_REFERENCES],
        references=message_ids(headers.get("references", ()))[-MOST_REFERENCES:],
        date_claimed=read_date(_first(headers, "date")),
        subject=decode_words(_first(headers, "subject"))[:MOST_SUBJECT_CHARACTERS].strip(),
        text=body.text,
        quoted=body.quoted,
        html=body.html,
        attachments=tuple(contents.attachments),
        invitation=contents.invitation,
        report=None if receipt else read_report(message) or read_irregular_report(message, headers),
        receipt=receipt,
        own_addresses=own_addresses,
        trusted_host=trusted_host,
        authentication_results=trusted_results(message, trusted_host),
    )


def made_up_id(raw: bytes) -> str:
    """A Message-ID for a mail without one: the same bytes get the same."""
    return f"<{hashlib.sha256(raw).hexdigest()[:40]}@no-message-id.invalid>"


def _sender(headers: Headers, content_type: str) -> Address:
    for name in ("from", "sender", "return-path", "reply-to"):
        found = read_addresses(headers.get(name, ()))
        if found:
            return found[0]
    if content_type == "multipart/report":  # some programs sign these with a name alone
        return Address(address=OF_A_PROGRAM)
    raise UnreadableMail("it names no usable sender (From, Sender, Return-Path or Reply-To)")


def _first(headers: Headers, name: str) -> str:
    values = headers.get(name, ())
    return values[0] if values else ""
