"""Where the web service keeps what is known of a person who is no user."""

from __future__ import annotations

from services.messaging.erasing import Kept
from services.web import tables

KEPT: tuple[Kept, ...] = (
    Kept(tables.webhook_deliveries, ("body", "last_error"), case="case_number"),
    Kept(tables.report_mails, ("recipients",)),
    Kept(tables.saved_filters, ("question",)),
    Kept(tables.password_resets, ("name",)),
)
