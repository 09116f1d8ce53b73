"""What a template sees of a case: plain values, and nothing that the partner must not read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from services.cases import store, template_store
from services.contracts.cases import CaseSnapshot, Ref
from services.contracts.templates import FIELDS, fill_in

LONGEST_SUBJECT = 500
AS_THEY_ARE = (
    "number",
    "subject",
    "state",
    "kind",
    "priority",
    "tags",
    "currency",
    "estimated_revenue",
    "estimated_cost",
    "probability",
    "created_at",
    "last_action_at",
    "deadline",
    "response_deadline",
    "start",
    "duration_minutes",
    "minutes_spent",
)


def template_values(connection: Connection, case: CaseSnapshot) -> dict[str, Any]:
    """The FIELDS of services/contracts/templates.py for this case.

    Somebody or something named is a text, an amount a Decimal, a moment a datetime in UTC, a
    custom field what its type says (a person by his name). `last_message` is what was last
    said on the case, internal notes aside.
    """
    contact = case.contact
    values = {name: getattr(case, name) for name in AS_THEY_ARE} | {
        "description": store.description_of(connection, case.number),
        "section": _name(case.section),
        "category": _name(case.category),
        "responsible": _name(case.responsible),
        "partner": _name(case.partner),
        "contact": (contact.name or contact.address) if contact else None,
        "contact_address": contact.address if contact else None,
        "watchers": [{"name": one.name, "address": one.address} for one in case.watchers],
        "custom": {code: _plain(value) for code, value in case.custom.items()},
        "last_message": template_store.last_text(connection, case.number),
    }
    return {name: values[name] for name in FIELDS}


def fill_in_mail(subject: str, text: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """Subject, in one line, and text of a mail whose templates these are.

    Raises InvalidRequest naming `subject` or `text` when it cannot be filled in.
    """
    line = " ".join(fill_in("subject", subject, values).split())
    return line[:LONGEST_SUBJECT], fill_in("text", text, values)


def _name(named: Ref | None) -> str | None:
    return named.name if named else None


def _plain(value: Any) -> Any:
    """A custom field's value: a person's name; a number exact, never one to count with."""
    if isinstance(value, dict):
        return value.get("name", "")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    return value
