"""How long a case has left, and how soon it was answered, as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from services.contracts.cases import CaseSnapshot
from services.web.pages.spans import late_words, left_words, minutes_text
from services.web.translation import gettext, pgettext

Of = Literal["answered", "answer", "case"]


@dataclass(frozen=True)
class Deadline:
    """One deadline: `name` goes before `text`; an open one counts, as `moment` is its end.

    `of` is what it is of: an answer that was given, one that is due, or the case.
    """

    of: Of
    name: str
    moment: datetime
    text: str
    late: bool
    counts: bool


def deadlines(case: CaseSnapshot, now: datetime) -> list[Deadline]:
    """That of the first answer and that of the case, as far as there are any."""
    found = []
    if case.responded_at is not None:
        after = gettext("after %(span)s", span=span(case.responded_at - case.created_at))
        late = case.response_deadline is not None and case.responded_at > case.response_deadline
        found.append(
            Deadline(
                "answered", gettext("First answer"), case.responded_at, after, late, counts=False
            )
        )
    elif case.response_deadline is not None:
        found.append(
            _one("answer", gettext("Answer due"), case.response_deadline, case.closed_at, now)
        )
    if case.deadline is not None:
        found.append(_one("case", gettext("Due"), case.deadline, case.closed_at, now))
    return found


def nearest(case: CaseSnapshot, now: datetime) -> Deadline | None:
    """The one that a list shows: what has to be kept next; of a closed case its deadline."""
    open_ones = [one for one in deadlines(case, now) if one.counts]
    if open_ones:
        return min(open_ones, key=lambda one: one.moment)
    return next((one for one in deadlines(case, now) if one.of == "case"), None)


def left(moment: datetime, now: datetime) -> str:
    """ "in 2 h 10 min", "35 min late"."""
    return left_words(span(moment - now)) if moment >= now else late_words(span(now - moment))


def span(length: timedelta) -> str:
    """The two greatest units of a length: "2 h 10 min", "3 d", "0 min"."""
    return minutes_text(int(length.total_seconds() // 60))


def _one(
    of: Of, name: str, moment: datetime, closed_at: datetime | None, now: datetime
) -> Deadline:
    if closed_at is None:
        return Deadline(of, name, moment, left(moment, now), moment < now, counts=True)
    if closed_at <= moment:
        return Deadline(of, name, moment, pgettext("a deadline", "kept"), False, counts=False)
    missed = gettext("missed by %(span)s", span=span(closed_at - moment))
    return Deadline(of, name, moment, missed, True, counts=False)
