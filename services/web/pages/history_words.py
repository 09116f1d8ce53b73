"""The history of a case in sentences: who, when, why, and what was and is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.contracts.case_commands import DiscussionEntry, HistoryEntry
from services.contracts.cases import Change
from services.contracts.envelope import Link
from services.web.pages.moments import exact, zone_of
from services.web.pages.words import label

HEADLINES = {
    "case.created": "opened the case",
    "case.message_added": "wrote",
    "case.escalated": "escalated the case",
    "case.state_changed": "changed the state",
}
MESSAGES = {"mail": "wrote a mail", "reply": "replied", "note": "left a note"}
NEVER_SHOWN = frozenset({"section_path", "partner_categories", "state_since", "last_action_at"})
LONGEST_VALUE = 120
Shown = tuple[str, str, str]
DATES = frozenset({"deadline", "start", "closed_at", "created_at"})


@dataclass(frozen=True)
class HistoryLine:
    """One entry, ready to be shown; `because` names what led to it, empty for a person's deed."""

    version: int
    at: datetime
    who: str
    kind: str
    event: str
    what: str
    changes: tuple[tuple[str, str, str], ...]
    because: str
    message: int | None = None


def history_lines(
    history: Iterable[HistoryEntry], messages: Iterable[DiscussionEntry], time_zone: str
) -> list[HistoryLine]:
    """The entries, the last first; one that added a message names it.

    The entries of `case.message_added` and the messages are in the same order, one for one.
    """
    waiting = iter(sorted(messages, key=lambda message: message.number))
    lines = []
    for entry in history:
        added = next(waiting, None) if entry.event_type == "case.message_added" else None
        lines.append(_line(entry, added, time_zone))
    return lines[::-1]


def _line(entry: HistoryEntry, added: DiscussionEntry | None, time_zone: str) -> HistoryLine:
    changes = _changes(entry, time_zone)
    what = HEADLINES.get(entry.event_type) or ("changed" if changes else "noted")
    if added is not None:
        what = MESSAGES[added.kind]
    return HistoryLine(
        version=entry.version,
        at=entry.at,
        who=entry.actor_name or "Casewire",
        kind=entry.actor_kind,
        event=entry.event_type.removeprefix("case."),
        what=what,
        changes=changes,
        because=_because(entry),
        message=added.number if added else None,
    )


def _changes(entry: HistoryEntry, time_zone: str) -> tuple[tuple[str, str, str], ...]:
    created = entry.event_type == "case.created"
    if created:
        return ()  # all of it stands on the case; what mattered comes with later entries
    return shown_changes(entry.changes, time_zone)


def shown_changes(changes: Iterable[Change], time_zone: str) -> tuple[Shown, ...]:
    """Each change of a case that tells a person something: the field, before and after."""
    return tuple(
        (
            label(change.field),
            shown(change.field, change.before, time_zone),
            shown(change.field, change.after, time_zone),
        )
        for change in changes
        if change.field not in NEVER_SHOWN
    )


def _because(entry: HistoryEntry) -> str:
    """Its reason, and the rules before it in the chain; of itself a rule tells in the reason."""
    rules = rules_of(entry.cause)
    if entry.actor_kind == "rule" and entry.reason and rules[-1:] == [entry.actor_name]:
        rules.pop()
    reasons = [entry.reason] if entry.reason else []
    if rules:
        reasons.append("set off by rule " + " → ".join(f"“{name}”" for name in rules))
    return "; ".join(reasons)


def rules_of(cause: Iterable[Link]) -> list[str]:
    """The rules of a chain of causes, in the order they fired."""
    return [link.name or link.id for link in cause if link.kind == "rule"]


def shown(field: str, value: Any, time_zone: str) -> str:
    """A value of a field as text; a dash for nothing."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, dict):
        text = str(value.get("name") or value.get("address") or "") or _pairs(value)
    elif isinstance(value, list | tuple):
        text = ", ".join(shown(field, one, time_zone) for one in value)
    elif field in DATES:
        text = exact(datetime.fromisoformat(str(value)), zone_of(time_zone))
    elif field in ("state", "priority"):
        text = label(str(value))
    else:
        text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _pairs(value: dict[str, Any]) -> str:
    return ", ".join(f"{name}: {one}" for name, one in value.items())
