"""The fields that a kind of case has besides the usual ones, in forms and on pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.contracts.directory import CustomField
from services.web.pages.form import Form
from services.web.pages.moments import day
from services.web.pages.words import label
from services.web.translation import gettext

PREFIX = "custom."


def custom_text(value: Any, field: CustomField | None = None) -> str:
    """A value as people read it; a person by his name, a day in words where it is one."""
    if field is not None and field.type == "date" and isinstance(value, str):
        return day(date.fromisoformat(value))
    if isinstance(value, dict):
        return str(value.get("name") or value.get("id") or "")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def custom_input(value: Any) -> str:
    """A value as its field in a form takes it; a person is chosen by his number."""
    return str(value["id"]) if isinstance(value, dict) else custom_text(value)


def changed_custom(
    form: Form, fields: tuple[CustomField, ...], before: Mapping[str, str]
) -> dict[str, Any]:
    """What differs from the texts before, by code; what cannot be taken is noted as an error."""
    found: dict[str, Any] = {}
    for field in fields:
        name = PREFIX + field.code
        if not form.has(name):
            continue
        text = form.text(name, longest=10_000) or ""
        if field.required and not text:
            form.errors[name] = gettext("This is needed.")
        elif text != before.get(name, ""):
            found[field.code] = _read(form, field, name)
    return found


def shown_custom(
    fields: tuple[CustomField, ...], custom: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """Name and text of each field that holds something, those of its kind before others."""
    known = {field.code: field for field in fields}
    order = [*(code for code in known if code in custom), *(c for c in custom if c not in known)]
    texts = [
        (
            known[code].name if code in known else label(code),
            custom_text(custom[code], known.get(code)),
        )
        for code in order
    ]
    return [(name, text) for name, text in texts if text]


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
