"""What the people who were invited to a meeting are told when it changes (RFC 5546 §3.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.contracts.cases import Attendee, CaseSnapshot, Contact, SingleAnswer, Watcher

_END_OF_SERIES = re.compile(r"(^|;)(COUNT|UNTIL)=[^;]*")
About = Literal["invited", "changed", "cancelled"]


@dataclass(frozen=True)
class News:
    """What these are told: of the whole, or of those meetings of the series alone.

    `only` are told by when the series would have begun them.
    """

    about: About
    to: tuple[Attendee, ...]
    only: tuple[datetime, ...] = ()


def followed(before: CaseSnapshot, after: CaseSnapshot) -> tuple[CaseSnapshot, tuple[News, ...]]:
    """The case behind a change with its attendees asked anew, and what they are told.

    Nobody is told anything of a case that nobody was invited to, or where it is the attendees
    that the change is about. Who is on the case no more is told that it is off for him.
    """
    if not before.attendees or before.attendees != after.attendees:
        return after, ()
    there = on_the_case(after)
    gone = tuple(one for one in before.attendees if one.address.lower() not in there)
    staying = tuple(one for one in before.attendees if one.address.lower() in there)
    news = _news(before, after, staying, gone)
    if not news:
        return after.model_copy(update={"attendees": staying}), ()
    sequence = after.invitation_sequence + 1
    asked = tuple(_asked(one, before, after, sequence) for one in staying)
    after = after.model_copy(update={"attendees": asked, "invitation_sequence": sequence})
    now = {one.address: one for one in asked}
    return after, tuple(_as_they_are_now(one, now) for one in news)


def on_the_case(case: CaseSnapshot) -> set[str]:
    """Who may be told of it: the contact and the watchers, by their addresses in lower case."""
    return {one.address.lower() for one in _people(case)}


def not_invited_yet(case: CaseSnapshot, but: Iterable[str] = ()) -> tuple[Attendee, ...]:
    """The contact and the watchers, each once, without those invited and those addresses."""
    taken = {one.address.lower() for one in case.attendees} | {one.lower() for one in but}
    found = []
    for one in _people(case):
        if one.address.lower() not in taken:
            taken.add(one.address.lower())
            found.append(Attendee(address=one.address, name=one.name))
    return tuple(found)


def _people(case: CaseSnapshot) -> tuple[Contact | Watcher, ...]:
    return (*([case.contact] if case.contact else []), *case.watchers)


def is_off(case: CaseSnapshot) -> bool:
    """Whether there is no such meeting (any more)."""
    return case.start is None or case.state == "cancelled"


def _news(
    before: CaseSnapshot,
    after: CaseSnapshot,
    staying: tuple[Attendee, ...],
    gone: tuple[Attendee, ...],
) -> tuple[News, ...]:
    if is_off(before):
        return () if is_off(after) or not staying else (News("changed", staying),)
    if is_off(after):
        return (News("cancelled", (*staying, *gone)),)
    if after.state == "done":
        return ()  # it took place
    told = [News("cancelled", gone)] if gone else []
    if staying:
        told += _of_the_time(before, after, staying)
    return tuple(told)


def _of_the_time(
    before: CaseSnapshot, after: CaseSnapshot, staying: tuple[Attendee, ...]
) -> list[News]:
    whole = ("subject", "start", "duration_minutes", "all_day", "recurrence", "time_zone")
    if any(getattr(before, name) != getattr(after, name) for name in whole):
        return [News("changed", staying)]
    if before.occurrences == after.occurrences:
        return []
    if {one.original for one in before.occurrences} - {one.original for one in after.occurrences}:
        return [News("changed", staying)]  # one is where the series has it again
    moved, taken_out = _changed_ones(before, after)
    told = [News("changed", staying, moved)] if moved else []
    return told + ([News("cancelled", staying, taken_out)] if taken_out else [])


def _changed_ones(
    before: CaseSnapshot, after: CaseSnapshot
) -> tuple[tuple[datetime, ...], tuple[datetime, ...]]:
    """The meetings of the series that were moved, and those that were taken out."""
    new = [one for one in after.occurrences if one not in before.occurrences]
    moved = tuple(one.original for one in new if not one.cancelled)
    return moved, tuple(one.original for one in new if one.cancelled)


def _asked(
    attendee: Attendee, before: CaseSnapshot, after: CaseSnapshot, sequence: int
) -> Attendee:
    """The attendee without what he said of times that hold no more."""
    if _is_another_time(before, after):
        return Attendee(address=attendee.address, name=attendee.name, sequence=sequence)
    moved, taken_out = _changed_ones(before, after)
    kept = [one for one in attendee.single if one.original not in (*moved, *taken_out)]
    if attendee.answer != "waiting":
        kept += [SingleAnswer(original=one, sequence=sequence) for one in moved]
    kept.sort(key=lambda one: one.original)
    return attendee.model_copy(update={"single": tuple(kept)})


def _is_another_time(before: CaseSnapshot, after: CaseSnapshot) -> bool:
    """Whether the meetings are others; a series that but ends elsewhere asks nobody anew."""
    if is_off(before) != is_off(after):
        return not is_off(after)
    names = ("start", "duration_minutes", "all_day", "time_zone")
    if any(getattr(before, name) != getattr(after, name) for name in names):
        return True
    return _END_OF_SERIES.sub("", before.recurrence) != _END_OF_SERIES.sub("", after.recurrence)


def _as_they_are_now(news: News, now: dict[str, Attendee]) -> News:
    return News(news.about, tuple(now.get(one.address, one) for one in news.to), news.only)
