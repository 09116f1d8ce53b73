"""The states before and after: of an event, and of a case that waits for its time (A1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.contracts.cases import CLOSED, UNCLOSED, CaseData, CaseSnapshot, State
from services.contracts.rules import Criteria

# "unknown": the event that brought the case into its state has not been seen.
CameFrom = State | Literal["none", "unknown"]


@dataclass(frozen=True)
class KnownCase:
    """A case as last heard of, and the state from which it came into its present one."""

    case: CaseSnapshot
    came_from: CameFrom


def stays_in_state(criteria: Criteria) -> bool:
    """Whether a rule is for a case that stays in one named state, such as open → open."""
    return criteria.state_from == criteria.state_to != "any"


def names_a_state(criteria: Criteria) -> bool:
    """Whether a criterion on the state was given at all."""
    return criteria.state_from != "any" or criteria.state_to != "any"


def holds_for_event(criteria: Criteria, data: CaseData) -> bool:
    """Whether the event leads from and to the states wanted."""
    before = data.state_before or "none"
    return criteria.state_from in ("any", before) and criteria.state_to in ("any", data.case.state)


def words_for_event(criteria: Criteria, data: CaseData) -> tuple[str, ...]:
    """What the event did to the state; nothing where it did nothing and nobody asked."""
    before, after = data.state_before, data.case.state
    if before is None:
        return (f"it was created as {after}",)
    if before != after:
        return (f"it went from {before} to {after}",)
    return (f"it is {after}",) if names_a_state(criteria) else ()


def holds_for_waiting(criteria: Criteria, known: KnownCase) -> bool:
    """Whether the case is in the state wanted, and came there as wanted.

    A closed case waits for nothing, unless its state is named; a merged one for nothing at all.
    """
    state = known.case.state
    if known.case.merged_into is not None:
        return False
    if state in CLOSED and criteria.state_to != state:
        return False
    if criteria.state_to not in ("any", state):
        return False
    return criteria.state_from in ("any", criteria.state_to, known.came_from)


def states_to_wait_in(criteria: Criteria) -> tuple[State, ...]:
    """The states of the cases that a timed rule can wait for."""
    return UNCLOSED if criteria.state_to == "any" else (criteria.state_to,)


def words_for_waiting(criteria: Criteria, known: KnownCase) -> tuple[str, ...]:
    """The state it is in, and whence it came there where that was asked."""
    if not names_a_state(criteria):
        return ()
    words = f"it is {known.case.state}"
    if criteria.state_from not in ("any", criteria.state_to):
        came_from = "new" if known.came_from == "none" else f"from {known.came_from}"
        words += f" and came there {came_from}"
    return (words,)
