"""Who changed an entry of the directory, a rule or a calendar, and how: ready to be shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.contracts.directory import DirectoryChange
from services.web.pages.words import label
from services.web.translation import gettext

LONGEST_VALUE = 300
Words = Callable[[str, Any], str]


@dataclass(frozen=True)
class EntryLine:
    """One change: who, when, what he did ("added it"), and each field before and after."""

    at: datetime
    who: str
    version: int
    what: str
    changes: tuple[tuple[str, str, str], ...]


def entry_lines(
    history: Iterable[DirectoryChange], words: Words, users: Mapping[int, str] | None = None
) -> list[EntryLine]:
    """The changes, in the order given; `words` tells a value by its field.

    `users` are the names of users, for a service that had not heard one's name by then.
    """
    return [_line(change, words, users or {}) for change in history]


def plain_words(_field: str, value: Any) -> str:
    """A value that needs no names; a dash for nothing."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list | tuple):
        return ", ".join(plain_words(_field, one) for one in value)
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _line(change: DirectoryChange, words: Words, users: Mapping[int, str]) -> EntryLine:
    added = change.version == 1
    removed = any(one.field == "name" and one.after is None for one in change.changes)
    shown = () if added else change.changes
    return EntryLine(
        at=change.at,
        who=change.actor_name or users.get(change.actor_id or 0) or "Casewire",
        version=change.version,
        what=_deed(added, removed),
        changes=tuple(
            (
                label(one.field.rpartition(".")[2].removesuffix("_id")),
                words(one.field, one.before),
                words(one.field, one.after),
            )
            for one in shown
        ),
    )


def _deed(added: bool, removed: bool) -> str:
    if added:
        return gettext("added it")
    return gettext("deleted it") if removed else gettext("changed it")
