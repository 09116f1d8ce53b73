"""Two people changed a case at once: what the other did, and what is left to decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from services.contracts.case_commands import CaseView, HistoryEntry
from services.contracts.cases import CaseSnapshot, Change, Watcher
from services.web.pages.case_form import Texts, local_text, tag_line, texts_of, watcher_lines
from services.web.pages.custom_fields import PREFIX, custom_input
from services.web.pages.history_words import HistoryLine, history_lines
from services.web.pages.time_fields import BOXES, MARK, time_texts

TAKE = "take."  # begins the name of the choice between two versions of a field

TIMES = ("start", "duration_minutes", "all_day", "recurrence", "time_zone")
# The field of the form in which a change of the history shows.
FORM_FIELD = {
    "section": "section_id",
    "category": "category_id",
    "responsible": "responsible_id",
    "contact": "contact_address",
}


@dataclass(frozen=True)
class Conflict:
    """What happened since the version held, and the texts to go on with.

    `texts` keep all that the reader wrote; where he had left a field alone, they take over
    what it is now. `theirs` names the fields that both changed, with what they are now, and
    `by` who made them so.
    """

    held: int
    current: int
    since: list[HistoryLine]
    texts: Texts
    theirs: dict[str, str] = field(default_factory=dict)
    by: dict[str, str] = field(default_factory=dict)


def find_conflict(case: CaseView, held: int, written: Texts, time_zone: str) -> Conflict:
    """Compare what was written on top of version `held` with the case as it is."""
    current = texts_of(case, time_zone)
    if MARK in written:
        written = dict.fromkeys(BOXES, "") | written
    since = [entry for entry in case.history if entry.version > held]
    lines = history_lines(case.history, case.messages, time_zone)
    texts, theirs = current | written, {}
    first = _first_before(since, time_zone) | _times_before(case, since, time_zone)
    for name, before in first.items():
        if name not in written:
            continue
        if written[name].strip() == before:
            texts[name] = current.get(name, "")
        elif written[name].strip() != current.get(name, ""):
            theirs[name] = current.get(name, "")
    shown = [line for line in lines if line.version > held]
    by = {name: who for name, who in _last_by(since).items() if name in theirs}
    return Conflict(held, case.version, shown, texts, theirs, by)


def without_theirs(given: MultiDict[str, str]) -> MultiDict[str, str]:
    """What was posted without the fields of which the other's version was chosen."""
    left = given.copy()
    for name in list(given):
        if name.startswith(TAKE):
            if given[name] == "theirs":
                left.poplist(name.removeprefix(TAKE))
            left.poplist(name)
    return left


def _last_by(since: list[HistoryEntry]) -> dict[str, str]:
    """Who changed each field last."""
    found: dict[str, str] = {}
    for entry in since:
        for change in entry.changes:
            names = [FORM_FIELD.get(change.field, change.field)]
            if change.field == "custom":
                names = list(_custom_before(change))
            found |= dict.fromkeys(names, entry.actor_name)
    return found


def _first_before(since: list[HistoryEntry], time_zone: str) -> Texts:
    """What each field changed since then held at the beginning."""
    found: Texts = {}
    for entry in since:
        for change in entry.changes:
            if change.field == "custom":
                for name, text in _custom_before(change).items():
                    found.setdefault(name, text)
                continue
            if change.field in TIMES:
                continue
            name = FORM_FIELD.get(change.field, change.field)
            found.setdefault(name, _text(change.field, change.before, time_zone).strip())
    return found


def _times_before(case: CaseView, since: list[Any], time_zone: str) -> Texts:
    """What the fields about its time held at the beginning, those that are another now."""
    raw: dict[str, Any] = {}
    for entry in since:
        for change in entry.changes:
            if change.field in TIMES:
                raw.setdefault(change.field, change.before)
    if not raw:
        return {}
    known = case.model_dump(mode="json", include=set(TIMES))
    empty = CaseSnapshot.model_fields
    given = {n: empty[n].default if v is None else v for n, v in (known | raw).items()}
    then = CaseSnapshot.model_validate(case.model_dump(mode="json") | given)
    old, new = time_texts(then, time_zone), time_texts(case, time_zone)
    names = dict.fromkeys((*old, *new))
    return {n: old.get(n, "") for n in names if old.get(n, "") != new.get(n, "")}


def _custom_before(change: Change) -> Texts:
    """The texts of those fields of the kind that changed."""
    before, after = change.before or {}, change.after or {}
    changed = [code for code in before | after if before.get(code) != after.get(code)]
    return {PREFIX + code: custom_input(before.get(code)) for code in changed}


def _text(name: str, value: Any, time_zone: str) -> str:
    if value is None:
        return ""
    match name:
        case "section" | "category" | "responsible":
            return str(value["id"])
        case "partner":
            return str(value["name"])
        case "contact":
            return str(value["address"])
        case "tags" | "watchers" | "deadline" | "response_deadline":
            return _typed_text(name, value, time_zone)
        case _:
            return str(value)


def _typed_text(name: str, value: Any, time_zone: str) -> str:
    if name == "tags":
        return tag_line(tuple(value))
    if name == "watchers":
        return watcher_lines(tuple(Watcher.model_validate(one) for one in value))
    return local_text(datetime.fromisoformat(value), time_zone)
