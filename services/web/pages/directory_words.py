"""The history of an entry of the directory, with names for numbers."""

from __future__ import annotations

from typing import Any

from services.web.pages.entry_history import EntryLine, entry_lines, plain_words
from services.web.pages.field_rows import TYPES
from services.web.pages.words import label
from services.web.translation import gettext
from services.web.wiring import wired

CODES = frozenset({"role", "reopen"})
SECTIONS = frozenset({"parent_id", "escalation_id"})
USERS = frozenset({"manager_id", "member_ids", "stand_in_id"})


def directory_lines(what: str, key: int | str | None) -> list[EntryLine]:
    """Who changed it and how, the last first; nothing for what is only being added."""
    if key is None:
        return []
    return entry_lines(
        wired().directory.history(what, key), lambda field, value: _words(what, field, value)
    )


def _words(what: str, field: str, value: Any) -> str:
    if field == "contacts":
        return plain_words(field, [_contact(one) for one in value or ()])
    if field == "fields":
        return plain_words(field, [_custom_field(one) for one in value or ()])
    names = _names(what, field)
    if names is not None and value is not None:
        many = value if isinstance(value, list | tuple) else [value]
        return plain_words(field, [names.get(one, str(one)) for one in many])
    if field in CODES and value:
        return label(str(value))
    return plain_words(field, value)


def _names(what: str, field: str) -> dict[int, str] | None:
    """What the numbers of a field name, where they name anything."""
    directory = wired().directory
    if field in USERS:
        return {one.id: one.name for one in directory.users()}
    if field == "category_ids" or (what, field) == ("partner_category", "parent_id"):
        return {one.id: one.path for one in directory.partner_categories()}
    if (what, field) == ("category", "parent_id"):
        return {one.id: one.path for one in directory.categories()}
    if field in SECTIONS:
        return {one.id: one.name for one in directory.sections()}
    return None


def _contact(contact: dict[str, Any]) -> str:
    name, address = contact.get("name") or "", contact.get("address") or ""
    return f"{name} <{address}>" if name else str(address)


def _custom_field(field: dict[str, Any]) -> str:
    more = [TYPES.get(str(field.get("type", "text"))) or str(field["type"])]
    if field.get("required"):
        more.append(gettext("required"))
    if field.get("choices"):
        more.append(gettext("one of %(choices)s", choices="/".join(field["choices"])))
    return f"{field.get('name') or field.get('code')} ({', '.join(more)})"
