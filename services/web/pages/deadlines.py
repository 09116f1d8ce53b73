"""How long a case has left, and how soon it was answered, as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.contracts.cases import CaseSnapshot

UNITS = ((1440, "d"), (60, "h"), (1, "min"))


@dataclass(frozen=True)
class Deadline:
    """One deadline: `words` go before `text`; an open one counts, as `moment` is its end."""

    name: str
    moment: datetime
    text: str
    late: bool
    counts: bool


def deadlines(case: CaseSnapshot, now: datetime) -> list[Deadline]:
    """That of the first answer and that of the case, as far as there are any."""
    found = []
    if case.responded_at is not None:
        after = span(case.responded_at - case.created_at)
        late = case.response_deadline is not None and case.responded_at > case.response_deadline
        found.append(
            Deadline("First answer", case.responded_at, f"after {after}", late, counts=False)
        )
    elif case.response_deadline is not None:
        found.append(_one("Answer due", case.response_deadline, case.closed_at, now))
    if case.deadline is not None:
        found.append(_one("Due", case.deadline, case.closed_at, now))
    return found


def nearest(case: CaseSnapshot, now: datetime) -> Deadline | None:
    """The one that a list shows: what has to be kept next; of a closed case its deadline."""
    open_ones = [one for one in deadlines(case, now) if one.counts]
    if open_ones:
        return min(open_ones, key=lambda one: one.moment)
    return next((one for one in deadlines(case, now) if one.name == "Due"), None)


def left(moment: datetime, now: datetime) -> str:
    """ "in 2 h 10 min", "35 min late"."""
    if moment >= now:
        return f"in {span(moment - now)}"
    return f"{span(now - moment)} late"


def span(length: timedelta) -> str:
    """The two greatest units of a length: "2 h 10 min", "3 d", "0 min"."""
    return minutes_text(int(length.total_seconds() // 60))


def minutes_text(minutes: int) -> str:
    """A number of minutes in its two greatest units."""
    parts, rest, greatest = [], max(minutes, 0), None
    for place, (size, unit) in enumerate(UNITS):
        count, rest = divmod(rest, size)
        if greatest is None and count:
            greatest = place
        if count and greatest is not None and place <= greatest + 1:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "0 min"


def _one(name: str, moment: datetime, closed_at: datetime | None, now: datetime) -> Deadline:
    if closed_at is None:
        return Deadline(name, moment, left(moment, now), moment < now, counts=True)
    late = closed_at > moment
    kept = f"missed by {span(closed_at - moment)}" if late else "kept"
    return Deadline(name, moment, kept, late, counts=False)
