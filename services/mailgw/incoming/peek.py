"""Who wrote an unreadable mail about what, as far as its headers tell."""

from __future__ import annotations

from email.parser import BytesHeaderParser
from email.policy import compat32

from services.mailgw.incoming.addresses import read_addresses
from services.mailgw.incoming.headers import decode_words, message_ids, read_headers
from services.mailgw.model.glimpse import Glimpse

MOST_BYTES = 64 * 1024
_PARSER = BytesHeaderParser(policy=compat32)


def peek(raw: bytes) -> Glimpse:
    """What can be read of the mail's first headers. Never raises."""
    try:
        headers = read_headers(_PARSER.parsebytes(raw[:MOST_BYTES]))
        ids = message_ids(headers.get("message-id", ()))
        senders = (read_addresses(headers.get(name, ())) for name in ("from", "sender"))
        sender = next((found[0].address for found in senders if found), None)
        subject = decode_words(next(iter(headers.get("subject", ())), ""))
        return Glimpse.of(ids[0] if ids else None, sender, subject)
    except Exception:  # noqa: BLE001  the mail is in quarantine already; it just shows less
        return Glimpse()
