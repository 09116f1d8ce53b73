"""What the page of a case says of the meeting that it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from services.contracts.case_commands import CaseView
from services.runtime.clock import now
from services.web.pages.meeting_words import span_text
from services.web.pages.moments import zone_of
from services.web.pages.recurrence import sentence
from services.web.translation import gettext


@dataclass(frozen=True)
class Shown:
    """One of the next meetings; `original` is as an address takes it."""

    when: str
    original: str
    moved: bool


@dataclass(frozen=True)
class MeetingView:
    """The meeting that is looked at, and the next ones of its series.

    `original` names it within the series; `open`: whoever looks came for one of these.
    """

    when: str
    repeats: str
    is_past: bool
    original: str | None
    coming: tuple[Shown, ...]
    open: bool


def meeting_view(case: CaseView, asked: str, time_zone: str) -> MeetingView | None:
    """None for a case without a start. `asked` is the `original` that the address names."""
    if case.start is None:
        return None
    zone = zone_of(time_zone)
    coming = tuple(
        Shown(_span(case, one.start, one.end, zone), _named(one.original), one.moved)
        for one in case.coming
    )
    chosen = _chosen(case, asked)
    start, end = now_at(case, chosen)
    return MeetingView(
        when=_span(case, start, end, zone),
        repeats=_repeats(case, zone),
        is_past=end < now(),
        original=_named(chosen) if case.recurrence and chosen else None,
        coming=coming,
        open=bool(asked),
    )


def now_at(case: CaseView, original: datetime | None) -> tuple[datetime, datetime]:
    """From when to when the meeting is, also one that was moved, or lies beyond the next dozen."""
    assert case.start is not None
    for one in case.occurrences:
        if one.original == original:
            return one.start, one.start + timedelta(minutes=one.duration_minutes)
    start = original or case.start
    return start, start + timedelta(minutes=case.duration_minutes or 0)


def read_original(text: str) -> datetime:
    """The moment that an address or a form names a meeting by. Raises ValueError."""
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _chosen(case: CaseView, asked: str) -> datetime | None:
    """The one asked for, else the next."""
    if not case.recurrence:
        return None
    try:
        return read_original(asked)
    except ValueError:
        return case.coming[0].original if case.coming else case.start


def _repeats(case: CaseView, zone: tzinfo) -> str:
    assert case.start is not None
    told = sentence(case.recurrence, case.start, case.time_zone)
    if case.all_day or not told:
        return told
    there = zone_of(case.time_zone or "UTC")
    same = all(
        one.astimezone(there).utcoffset() == one.astimezone(zone).utcoffset()
        for one in (case.start, case.start + timedelta(days=182))
    )
    if same:
        return told
    zone_name = case.time_zone or "UTC"
    return gettext("%(series)s; its clock is that of %(zone)s", series=told, zone=zone_name)


def _span(case: CaseView, start: datetime, end: datetime, zone: tzinfo) -> str:
    return span_text(start, end, zone, all_day=case.all_day)


def _named(original: datetime) -> str:
    return original.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def not_invited(case: CaseView, responsible_address: str) -> list[str]:
    """Who would get an invitation: the contact and the watchers who have none yet.

    Not the responsible, whose meeting it is.
    """
    taken = {one.address.lower() for one in case.attendees} | {responsible_address.lower()}
    found: dict[str, str] = {}
    people: list[Any] = [*([case.contact] if case.contact else []), *case.watchers]
    for one in people:
        if one.address.lower() not in taken:
            found.setdefault(one.address.lower(), one.name or one.address)
    return list(found.values())
