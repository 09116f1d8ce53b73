"""Directory events, and what case events say by the way, become names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from services.contracts.cases import CaseEvent, Change
from services.contracts.directory import (
    CategoryChanged,
    PartnerChanged,
    SectionChanged,
    UserChanged,
)
from services.contracts.envelope import Envelope

Row = dict[str, Any]

# A field of a case that names something, and what it names. What a new system begins with was
# never announced: cases tell of it.
NAMED = {
    "section": "section",
    "category": "category",
    "responsible": "user",
    "partner": "partner",
}


def names_of(messages: Iterable[Envelope]) -> list[Row]:
    """One row of `names` for each thing that these events name, in order of its key."""
    newest: dict[tuple[str, int], Row] = {}
    for message in messages:
        for row in _told_by(message):
            key = (row["what"], row["id"])
            known = newest.get(key)
            if known is None or _rank(known) < _rank(row):
                newest[key] = row
    return [newest[key] for key in sorted(newest)]


def _rank(row: Row) -> tuple[int, str]:
    return row["version"], row["event_id"]


def _told_by(message: Envelope) -> Iterator[Row]:
    match message:
        case CaseEvent():
            yield from _told_by_case(message)
        case UserChanged(data=user):
            yield _row(message, "user", user.id, user.name, version=user.version)
        case SectionChanged(data=section):
            row = _row(message, "section", section.id, section.name, version=section.version)
            yield {**row, "parent_id": section.parent_id}
        case CategoryChanged(data=node):
            yield _row(message, node.tree, node.id, node.path, version=node.version)
        case PartnerChanged(data=partner):
            yield _row(message, "partner", partner.id, partner.name, version=partner.version)


def _told_by_case(message: CaseEvent) -> Iterator[Row]:
    """Only a field that this event set holds a fresh name; others may be long out of date."""
    for change in message.data.changes:
        for what, named in _named_by(change):
            id, name = named.get("id"), named.get("name")
            if isinstance(id, int) and isinstance(name, str):
                yield _row(message, what, id, name, version=0)


def _named_by(change: Change) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the change names: custom fields name persons, and only those that it set."""
    if change.field in NAMED and isinstance(change.after, dict):
        yield NAMED[change.field], change.after
    if change.field == "custom" and isinstance(change.after, dict):
        before = change.before if isinstance(change.before, dict) else {}
        for code, value in change.after.items():
            if isinstance(value, dict) and value != before.get(code):
                yield "user", value


def _row(message: Envelope, what: str, id: int, name: str, *, version: int) -> Row:
    return {
        "what": what,
        "id": id,
        "name": name,
        "parent_id": None,
        "version": version,
        "event_id": message.id,
    }
