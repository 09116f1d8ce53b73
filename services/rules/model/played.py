"""Playing a rule to many cases from what is kept of them, and counting what came of it.

The rows come as the database gives them, with bodies of JSON: reading those is the most of
the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nlargest
from itertools import groupby
from typing import Protocol, cast

from pydantic import ValidationError

from services.contracts.cases import CaseSnapshot
from services.rules.model.past import PastEvent
from services.rules.model.rehearsal import Hit, Past, Played, Script, play
from services.rules.model.transition import CameFrom, KnownCase


class PastRow(Protocol):
    """An event as it is kept; `body` is a PastEvent as JSON."""

    @property
    def case_number(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def body(self) -> str: ...


class StoodRow(Protocol):
    """A case as last heard of; `snapshot` is JSON."""

    @property
    def came_from(self) -> str: ...
    @property
    def snapshot(self) -> str: ...


@dataclass
class Part:
    """What came of a part of the cases, with the latest hits; rows that could not be read."""

    count: int = 0
    cases: int = 0
    judged_cases: int = 0
    unreadable: int = 0
    latest: list[Hit] = field(default_factory=list)


class Tally(Part):
    """The parts together."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def add(self, part: Part) -> None:
        """Take in one more part."""
        self.count += part.count
        self.cases += part.cases
        self.judged_cases += part.judged_cases
        self.unreadable += part.unreadable
        self.latest = _latest([*self.latest, *part.latest], self._limit)


def play_events(script: Script, rows: Sequence[PastRow], limit: int) -> Part:
    """Play the rule to cases that something happened to; their rows come by case and version."""
    part = Part()
    for _, of_case in groupby(rows, key=lambda row: row.case_number):
        try:
            past = _past(script, list(of_case))
        except ValidationError:
            part.unreadable += 1
            continue
        _count(part, play(script, past), judged=True)
    return _shortened(part, limit)


def play_standing(script: Script, rows: Sequence[StoodRow], limit: int) -> Part:
    """Play a timed rule to cases that nothing happened to meanwhile."""
    part = Part()
    for row in rows:
        try:
            case = CaseSnapshot.model_validate_json(row.snapshot)
        except ValidationError:
            part.unreadable += 1
            continue
        # Where its last events were not kept, it has stood like this only since then.
        begin = max(script.since, case.created_at, case.state_since, case.last_action_at)
        known = KnownCase(case, cast(CameFrom, row.came_from))
        played = play(script, Past(known, begin))
        _count(part, played, judged=played.waited)
    return _shortened(part, limit)


def _past(script: Script, rows: Sequence[PastRow]) -> Past:
    """The events of a case behind the begin, and how it stood then. Raises ValidationError."""
    before = [row for row in rows if row.at <= script.since]
    events = [
        PastEvent.model_validate_json(row.body).event(row.at)
        for row in rows
        if row.at > script.since
    ]
    stood = PastEvent.model_validate_json(before[-1].body).known if before else None
    return Past(stood, script.since, events)


def _count(part: Part, played: Played, *, judged: bool) -> None:
    part.judged_cases += judged
    part.cases += bool(played.hits)
    part.count += len(played.hits)
    part.latest += played.hits


def _shortened(part: Part, limit: int) -> Part:
    part.latest = _latest(part.latest, limit)
    return part


def _latest(hits: Sequence[Hit], limit: int) -> list[Hit]:
    return nlargest(limit, hits, key=lambda hit: (hit.at, hit.case.number))
