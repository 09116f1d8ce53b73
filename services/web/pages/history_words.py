"""The history of a case in sentences: who, when, why, and what was and is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.contracts.case_commands import DiscussionEntry, HistoryEntry
from services.contracts.cases import Attendee, Change
from services.contracts.envelope import Link
from services.web.pages.change_parts import parts_of
from services.web.pages.history_cause import (
    because_words,
    origin_of,
    origin_words,
    rule_id,
    rules_of,
)
from services.web.pages.meeting_words import attendance_text
from services.web.pages.moments import exact, zone_of
from services.web.pages.reason_words import reason_words
from services.web.pages.word_table import Words
from services.web.pages.words import RELATIONS, label
from services.web.translation import gettext, gettext_noop

HEADLINES = Words(
    {
        "case.created": gettext_noop("opened the case"),
        "case.message_added": gettext_noop("wrote"),
        "case.escalated": gettext_noop("escalated the case"),
        "case.state_changed": gettext_noop("changed the state"),
    }
)
MESSAGES = Words(
    {
        "mail": gettext_noop("wrote a mail"),
        "reply": gettext_noop("replied"),
        "note": gettext_noop("left a note"),
    }
)
NEVER_SHOWN = frozenset(
    {
        *("section_path", "partner_categories", "state_since", "last_action_at"),
        "invitation_sequence",
    }
)
LONGEST_VALUE = 120
MESSAGE_ADDED = "case.message_added"
Shown = tuple[str, str, str]
DATES = {
    "deadline",
    "response_deadline",
    "responded_at",
    "start",
    "closed_at",
    "created_at",
    "portal_links_ended_at",
}


@dataclass(frozen=True)
class HistoryLine:
    """One entry, ready to be shown.

    `because` is the reason: for a rule the criteria that held. `rule` is the rule that did it,
    `chain` are those before it, the first to fire first. `set_off_by` says what set it all
    off, `set_off_at` the version of that entry, where it stands in this history. `not_done` is
    what a rule could not do. `of_case` is the merged case whose entry it was.
    """

    version: int
    at: datetime
    who: str
    kind: str
    event: str
    what: str
    changes: tuple[Shown, ...]
    because: str
    message: int | None = None
    rule: int | None = None
    chain: tuple[Link, ...] = ()
    set_off_by: str = ""
    set_off_at: int | None = None
    not_done: str = ""
    of_case: int | None = None

    @property
    def anchor(self) -> str:
        """The name of this entry on its page."""
        return entry_anchor(self.version, self.of_case)


def entry_anchor(version: int, of_case: int | None = None) -> str:
    """The name of an entry on the page of a case; a merged case counts versions of its own."""
    return f"entry-{of_case}-{version}" if of_case else f"entry-{version}"


def history_lines(
    history: Iterable[HistoryEntry], messages: Iterable[DiscussionEntry], time_zone: str
) -> list[HistoryLine]:
    """The entries, the last first; one that added a message names it."""
    entries = list(history)
    added = _added(entries, list(messages))
    versions = {entry.event_id: entry.version for entry in entries if entry.case_number is None}
    lines = [_line(entry, added.get(entry.event_id), versions, time_zone) for entry in entries]
    return lines[::-1]


def _added(
    entries: list[HistoryEntry], messages: list[DiscussionEntry]
) -> dict[str, DiscussionEntry]:
    """The message that each entry of `case.message_added` added, by its event.

    Of one case they are in the same order, one for one, unless a message has moved away.
    """
    found: dict[str, DiscussionEntry] = {}
    for case in {message.from_case for message in messages}:
        its = [e for e in entries if e.case_number == case and e.event_type == MESSAGE_ADDED]
        theirs = sorted((m for m in messages if m.from_case == case), key=lambda m: m.number)
        if len(its) == len(theirs):
            found |= {entry.event_id: one for entry, one in zip(its, theirs, strict=True)}
    return found


def _line(
    entry: HistoryEntry,
    added: DiscussionEntry | None,
    versions: Mapping[str, int],
    time_zone: str,
) -> HistoryLine:
    changes = _changes(entry, time_zone)
    what = HEADLINES.get(entry.event_type) or (gettext("changed") if changes else gettext("noted"))
    if added is not None:
        what = MESSAGES[added.kind]
    of_rule = entry.actor_kind == "rule"
    rules = rules_of(entry.cause)
    because, not_done = because_words(entry) if of_rule else (reason_words(entry.reason), "")
    origin = origin_of(entry.cause) if rules else None
    return HistoryLine(
        version=entry.version,
        at=entry.at,
        who=entry.actor_name or "Casewire",
        kind=entry.actor_kind,
        event=entry.event_type.removeprefix("case."),
        what=what,
        changes=changes,
        because=because,
        message=added.number if added else None,
        rule=rule_id(rules[-1]) if of_rule and rules else None,
        chain=tuple(rules[:-1] if of_rule else rules),
        set_off_by=origin_words(origin) if rules else "",
        set_off_at=versions.get(origin.id) if origin else None,
        not_done=not_done,
        of_case=entry.case_number,
    )


def _changes(entry: HistoryEntry, time_zone: str) -> tuple[tuple[str, str, str], ...]:
    created = entry.event_type == "case.created"
    if created:
        return ()  # all of it stands on the case; what mattered comes with later entries
    return shown_changes(entry.changes, time_zone)


def shown_changes(changes: Iterable[Change], time_zone: str) -> tuple[Shown, ...]:
    """Each change of a case that tells a person something: the field, before and after."""
    told = [one for change in parts_of(changes) for one in _fields(change)]
    return tuple(
        (label(name), shown(field, before, time_zone), shown(field, after, time_zone))
        for name, field, before, after in told
        if field not in NEVER_SHOWN
    )


def _fields(change: Change) -> list[tuple[str, str, Any, Any]]:
    """What a change is called, its field, before and after; for each custom field that differs."""
    if change.field != "custom":
        return [(change.field, change.field, change.before, change.after)]
    old, new = change.before or {}, change.after or {}
    codes = sorted(code for code in {**old, **new} if old.get(code) != new.get(code))
    return [(code, "custom", old.get(code), new.get(code)) for code in codes]


def shown(field: str, value: Any, time_zone: str) -> str:
    """A value of a field as text; a dash for nothing."""
    if value is None or value in ("", [], {}):
        return "–"
    if field == "attendees":
        text = ", ".join(attendance_text(Attendee.model_validate(one)) for one in value)
    elif isinstance(value, dict):
        text = str(value.get("name") or value.get("address") or "") or _pairs(value)
    elif isinstance(value, list | tuple):
        text = ", ".join(shown(field, one, time_zone) for one in value)
    elif field in DATES:
        text = exact(datetime.fromisoformat(str(value)), zone_of(time_zone))
    elif field in ("state", "priority"):
        text = label(str(value))
    elif field == "links":
        text = _link(str(value))
    else:
        text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _link(text: str) -> str:
    """A link, which the cases service writes as "followed_by 102"."""
    relation, _, number = text.partition(" ")
    return f"{RELATIONS.get(relation) or relation} {number}"


def _pairs(value: dict[str, Any]) -> str:
    return ", ".join(f"{name}: {one}" for name, one in value.items())
