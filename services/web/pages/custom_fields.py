"""The fields that a kind of case has besides the usual ones, in forms and on pages."""

from __future__ import annotations

from typing import Any

from services.contracts.directory import CustomField
from services.web.pages.form import Form

PREFIX = "custom."


def custom_text(value: Any) -> str:
    """A value as people read it; a person by his name."""
    if isinstance(value, dict):
        return str(value.get("name") or value.get("id") or "")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def custom_input(value: Any) -> str:
    """A value as its field in a form takes it; a person is chosen by his number."""
    return str(value["id"]) if isinstance(value, dict) else custom_text(value)


def changed_custom(
    form: Form, fields: tuple[CustomField, ...], before: dict[str, Any]
) -> dict[str, Any]:
    """What differs from before, by code; what cannot be taken is noted as an error."""
    found: dict[str, Any] = {}
    for field in fields:
        name = PREFIX + field.code
        if not form.has(name):
            continue
        text = form.text(name, longest=10_000) or ""
        if field.required and not text:
            form.errors[name] = "This is needed."
        elif text != custom_input(before.get(field.code)).strip():
            found[field.code] = _read(form, field, name)
    return found


def _read(form: Form, field: CustomField, name: str) -> Any:
    match field.type:
        case "number":
            return form.decimal(name)
        case "date":
            day = form.day(name)
            return day.isoformat() if day else None
        case "choice":
            return form.choice(name, field.choices)
        case "person":
            return form.number(name, low=1)
        case _:
            return form.text(name)
