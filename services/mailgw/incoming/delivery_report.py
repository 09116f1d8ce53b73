"""Reading a delivery status notification (RFC 3464)."""

from __future__ import annotations

from email.message import Message

from services.mailgw.incoming.headers import message_ids, read_headers
from services.mailgw.incoming.parts import leaves
from services.mailgw.model.mail import DeliveryReport


def read_report(message: Message) -> DeliveryReport | None:
    """The report in a multipart/report; None when it is none, or names no mail."""
    if message.get_content_type() != "multipart/report":
        return None
    status: list[dict[str, str]] = []
    returned = ""
    for _number, part, _alternative in leaves(message):
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            status.extend(_fields(block) for block in _blocks(part))
        elif kind in ("message/rfc822", "message/rfc822-headers", "text/rfc822-headers"):
            returned = returned or _returned_id(part)
    if not returned:
        return None
    refused = [fields for fields in status if "final-recipient" in fields]
    return DeliveryReport(
        message_id=returned,
        recipients=tuple(f["final-recipient"].rpartition(";")[2].strip() for f in refused),
        action=next((f.get("action", "").lower() for f in refused), ""),
        why=next((f.get("diagnostic-code") or f.get("status", "") for f in refused), "")[:500],
    )


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if payload else []


def _fields(block: Message) -> dict[str, str]:
    return {name: values[0] for name, values in read_headers(block).items()}


def _returned_id(part: Message) -> str:
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        found = message_ids(read_headers(payload[0]).get("message-id", ()))
        return found[0] if found else ""
    for line in str(payload).splitlines():
        if line.lower().startswith("message-id:"):
            found = message_ids((line,))
            return found[0] if found else ""
    return ""
