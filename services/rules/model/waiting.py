"""Which timed rules a case waits for, and what an event tells of the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.contracts.cases import CaseEvent
from services.rules.model.criteria import Names
from services.rules.model.rulebook import ReadyRule
from services.rules.model.schedule import due_moment, episode_of, words_for_date
from services.rules.model.transition import (
    CameFrom,
    KnownCase,
    holds_for_waiting,
    words_for_waiting,
)


@dataclass(frozen=True)
class Due:
    """When a rule is due for a case. A rule fires once for each `episode`."""

    rule_id: int
    case_number: int
    episode: str
    due_at: datetime


@dataclass(frozen=True)
class Heard:
    """What is kept of a case to tell where an event leads: not the case itself."""

    version: int
    came_from: CameFrom
    state_since: datetime


def due_of(ready: ReadyRule, known: KnownCase) -> Due | None:
    """When the rule is due for the case; None while it does not wait for it."""
    rule, case = ready.rule, known.case
    if not holds_for_waiting(rule.criteria, known) or not ready.holds(case):
        return None
    moment = due_moment(rule.trigger, case, ready.working)
    if moment is None:
        return None
    return Due(rule.id, case.number, episode_of(rule, case), moment)


def why_now(ready: ReadyRule, known: KnownCase, names: Names) -> tuple[str, ...]:
    """The sentences of a timed rule that fires: the date first, then what holds."""
    rule, case = ready.rule, known.case
    return (
        words_for_date(rule.trigger, case, ready.working),
        *words_for_waiting(rule.criteria, known),
        *ready.words(case, names),
    )


def learned(heard: Heard | None, event: CaseEvent) -> KnownCase | None:
    """The case behind an event; None when a later event of it was heard already."""
    case, before = event.data.case, event.data.state_before
    if heard is not None and event.version < heard.version:
        return None
    came_from: CameFrom = "unknown"
    if before != case.state:
        came_from = before or "none"
    elif heard is not None and heard.state_since == case.state_since:
        came_from = heard.came_from
    return KnownCase(case, came_from)
