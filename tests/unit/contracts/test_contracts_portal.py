"""Issue 5 item 6: all that a link ever shows, by name. Whoever adds a field has to add it here."""

from __future__ import annotations

from services.contracts.portal import PortalCase, PortalEntry, PortalLine, PortalView


def test_portal_shows_these_fields_and_no_other() -> None:
    shown = {
        model.__name__: set(model.model_fields)
        for model in (PortalView, PortalCase, PortalEntry, PortalLine)
    }
    assert shown == {
        "PortalView": {"language", "section", "case", "cases"},
        "PortalCase": {"number", "subject", "state", "opened_at", "entries", "may_close"},
        "PortalEntry": {
            *("author", "from_us", "is_yours", "confirmed", "at", "text", "attachments"),
        },
        "PortalLine": {"number", "subject", "state", "opened_at", "token"},
    }
