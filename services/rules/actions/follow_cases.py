"""What events tell of their cases is kept, and the due times of timed rules follow it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from services.contracts.cases import CaseEvent
from services.contracts.rules import Rule
from services.messaging.transaction import Transaction
from services.rules import due_times, known_cases, past_events
from services.rules.due_times import DueRow
from services.rules.model.arming import plan, waiting_of
from services.rules.model.past import Following, PastEvent, past_event
from services.rules.model.rulebook import RuleBook
from services.rules.model.transition import KnownCase
from services.rules.model.waiting import Due, Heard

Broke = tuple[CaseEvent, Rule, Exception]


def follow_cases(
    transaction: Transaction, book: RuleBook, events: Sequence[CaseEvent]
) -> list[Broke]:
    """Keep each case as its latest event tells; answers the timed rules that broke on it."""
    if not events:
        return []
    connection = transaction.connection
    numbers = sorted({event.case_id for event in events})
    latest = _latest(connection, events, known_cases.heard_of(connection, numbers))
    kept = known_cases.remember(connection, [known for known, _ in latest.values()])
    if not book.timed or not kept:
        return []
    numbers = sorted(kept)
    cases = [latest[number][0] for number in numbers]
    found = waiting_of((known, book.for_waiting(known)) for known in cases)
    there = due_times.of_cases(connection, numbers)
    # A rule that this release cannot read is left to the one that wrote it.
    there = {key: due for key, due in there.items() if book.timed_rule(due.rule_id)}
    made = plan(found, there, due_times.settled(connection, list(found.dues)))
    wait = [_row(due, latest[due.case_number][1]) for due in made.wait]
    due_times.wait_for(connection, wait)
    due_times.forget(connection, made.forget)
    return [(latest[number][1], rule, error) for rule, number, error in found.broken]


def _latest(
    connection: Connection, events: Sequence[CaseEvent], heard: dict[int, Heard]
) -> dict[int, tuple[KnownCase, CaseEvent]]:
    """Each case as it stands behind its latest event, unless a later one was heard before.

    All the events are kept to rehearse with.
    """
    found: dict[int, tuple[KnownCase, CaseEvent]] = {}
    kept: list[tuple[CaseEvent, PastEvent]] = []
    following = Following(heard)
    for event in sorted(events, key=lambda event: event.version):
        known = following.learn(event)
        kept.append((event, past_event(event, known)))
        if known is not None:
            found[event.case_id] = (known, event)
    past_events.keep(connection, kept)
    return found


def _row(due: Due, event: CaseEvent) -> DueRow:
    """A rule that is due at once is set off by the event: it joins that event's chain."""
    return DueRow(due, event.caused() if due.due_at <= event.occurred_at else ())
