"""Does it tell that a mail was read, or deleted unread (RFC 8098)?"""

from __future__ import annotations

from services.mailgw.model.mail import Mail
from services.mailgw.model.verdict import Verdict


def is_receipt(mail: Mail) -> Verdict:
    """Yes for a disposition notification, whatever became of the mail."""
    if mail.receipt is None:
        return Verdict("is_receipt", "no")
    about = mail.receipt.message_id or "a mail that it does not name"
    why = f"{mail.receipt.disposition or 'something'} happened to {about}"
    return Verdict("is_receipt", "yes", why, automatic=True, receipt=True)
