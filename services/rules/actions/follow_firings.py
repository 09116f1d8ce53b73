"""What became of firings is written beside them: that is a rule's effect.

What cases made of it comes with an event; then a person's next act on the case, and its next
closing. Late or repeated events do no harm: the first moment that was kept stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from services.contracts.cases import CLOSED, CaseEvent
from services.rules import firings

PEOPLE = frozenset({"user", "partner", "watcher", "stranger"})
Moments = dict[int, list[datetime]]  # by the case's number


def follow_firings(connection: Connection, events: Sequence[CaseEvent]) -> None:
    """Write what these events tell of firings: nothing, for most, and by few statements.

    Call it behind `follow_cases`, which holds the cases against other processes.
    """
    firings.write_outcomes(connection, [e.data.firing for e in events if e.data.firing])
    acts, closings = _moments(filter(is_by_a_person, events)), _moments(filter(closes, events))
    if not acts and not closings:
        return
    found = firings.open_of(connection, acts, closings)
    told = [
        replace(
            one,
            next_action_at=one.next_action_at or _first(acts, one),
            closed_at=one.closed_at or _first(closings, one),
        )
        for one in found
    ]
    firings.write_moments(connection, [one for one in told if one not in found])


def is_by_a_person(event: CaseEvent) -> bool:
    """Whether a person did it; an answering machine is none."""
    message = event.data.message
    return event.actor.kind in PEOPLE and not (message is not None and message.automatic)


def closes(event: CaseEvent) -> bool:
    """Whether the case was closed by it."""
    before = event.data.state_before
    return event.data.case.state in CLOSED and (before is None or before not in CLOSED)


def _moments(events: Iterable[CaseEvent]) -> Moments:
    found: Moments = {}
    for event in events:
        found.setdefault(event.case_id, []).append(event.occurred_at)
    return found


def _first(moments: Moments, firing: firings.Open) -> datetime | None:
    later = (one for one in moments.get(firing.case_number, ()) if one >= firing.at)
    return min(later, default=None)
