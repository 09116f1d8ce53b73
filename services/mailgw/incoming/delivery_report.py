"""Reading delivery reports (RFC 3464, RFC 6533) and disposition notifications (RFC 8098)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from email.message import Message

from services.mailgw.incoming.headers import message_ids, read_headers
from services.mailgw.incoming.irregular_report import id_of_ours
from services.mailgw.incoming.parts import leaves
from services.mailgw.incoming.status_fields import status_fields
from services.mailgw.model.mail import DeliveryReport, Receipt

MOST_RECIPIENTS = 100
MOST_WHY_CHARACTERS = 500
STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})
DISPOSITION = frozenset(
    {"message/disposition-notification", "message/global-disposition-notification"}
)
RETURNED = frozenset(
    {
        *("message/rfc822", "message/rfc822-headers", "text/rfc822-headers"),
        *("message/global", "message/global-headers"),
    }
)
ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
_UNICODE = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
_RECIPIENTS = ("final-recipient", "original-recipient")


def read_report(message: Message) -> DeliveryReport | None:
    """The delivery report in a mail whose parts say that they are one; else None."""
    status: list[Mapping[str, str]] = []
    returned = ""
    for kind, part in _parts(message):
        if kind in STATUS:
            status.extend(status_fields(part))
        elif kind in RETURNED:
            returned = returned or _returned_id(part)
    groups = [fields for fields in status if any(name in fields for name in _RECIPIENTS)]
    if not groups:
        return None
    actions = [fields.get("action", "").strip().lower() for fields in groups]
    action = next((one for one in ACTIONS if one in actions), "failed")
    about = [
        fields
        for fields, one in zip(groups, actions, strict=True)
        if one == action or one not in ACTIONS
    ]
    return DeliveryReport(
        message_id=returned or id_of_ours(message),
        recipients=tuple(_recipients(about))[:MOST_RECIPIENTS],
        action=action,
        why=next((found for fields in about if (found := _why(fields))), ""),
    )


def read_receipt(message: Message) -> Receipt | None:
    """The disposition notification in a mail; None when it is none."""
    for kind, part in _parts(message):
        if kind not in DISPOSITION:
            continue
        fields: dict[str, str] = {}
        for group in status_fields(part):
            fields |= group
        ids = message_ids((fields.get("original-message-id", ""),))
        done = fields.get("disposition", "").rpartition(";")[2].partition("/")[0].strip().lower()
        return Receipt(ids[0] if ids else id_of_ours(message), done[:50])
    return None


def _parts(message: Message) -> Iterable[tuple[str, Message]]:
    return ((part.get_content_type(), part) for _, part, _ in leaves(message))


def _recipients(groups: Iterable[Mapping[str, str]]) -> Iterable[str]:
    for fields in groups:
        for name in _RECIPIENTS:
            address = fields.get(name, "").rpartition(";")[2].strip().strip("<>")
            if "@" in address:
                yield _UNICODE.sub(_character, address)
                break


def _character(found: re.Match[str]) -> str:
    """What \\x{E9} stands for (RFC 6533 §3); what is no character stays as it is."""
    number = int(found[1], 16)
    return chr(number) if 0x80 <= number <= 0x10FFFF and not 0xD800 <= number < 0xE000 else found[0]


def _why(fields: Mapping[str, str]) -> str:
    said = fields.get("diagnostic-code") or fields.get("status", "")
    return said[:MOST_WHY_CHARACTERS]


def _returned_id(part: Message) -> str:
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        found = message_ids(read_headers(payload[0]).get("message-id", ()))
        return found[0] if found else ""
    content = part.get_payload(decode=True)
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else str(payload)
    for line in text[:100_000].splitlines():
        if line.lower().startswith("message-id:"):
            found = message_ids((line,))
            return found[0] if found else ""
    return ""
