"""A saved rule waits for the cases there are, and leaves alone what was overdue before (A10)."""

from __future__ import annotations

import time
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from services.contracts.rules import Rule
from services.messaging.transaction import Transaction
from services.rules import calendars, due_times, failures, known_cases, store
from services.rules.due_times import DueRow
from services.rules.model.arming import Key, plan, waiting_of
from services.rules.model.rulebook import ReadyRule, ready
from services.rules.model.schedule import is_timed
from services.rules.model.transition import KnownCase, states_to_wait_in
from services.rules.model.waiting import Due
from services.rules.store import FiringRow
from services.runtime.clock import now
from services.runtime.identity import new_id

BATCH = 500


@dataclass
class Armed:
    """How many cases the rule waits for, and how many it left alone as overdue."""

    armed: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class _Overdue:
    """What is left alone: due by `moment`, and not what the rule waited `before` for as well.

    Where it has `broken` it was put off, so that it waited for another moment.
    """

    before: Mapping[Key, Due]
    broken: Container[int]
    moment: datetime
    fire: bool

    def leaves_alone(self, due: Due) -> bool:
        return due.due_at <= self.moment and not self._waited(due) and not self.fire

    def _waited(self, due: Due) -> bool:
        before = self.before.get((due.rule_id, due.case_number))
        if before is not None and due.case_number in self.broken:
            return before.episode == due.episode
        return before == due


def arm_rule(transaction: Transaction, rule: Rule, *, fire_overdue: bool) -> Armed:
    """Write the rule's due times anew, from all cases that it can be for.

    What it waited for before and would wait for again stays as it was, overdue or not.
    """
    connection = transaction.connection
    before = due_times.of_rule(connection, rule.id)
    due_times.forget_rule(connection, rule.id)
    found = Armed()
    if not rule.active or not is_timed(rule):
        return found
    if fire_overdue:
        store.forget_skipped(connection, rule.id)
    broken = failures.cases_of(connection, rule.id)
    overdue, last = _Overdue(before, broken, now(), fire_overdue), 0
    prepared = ready(rule, calendars.working_times(connection))
    while batch := known_cases.cases_in(connection, states_to_wait_in(rule.criteria), last, BATCH):
        dues = _dues(connection, prepared, batch)
        skip = [due for due in dues if overdue.leaves_alone(due)]
        wait = [due for due in dues if not overdue.leaves_alone(due)]
        due_times.wait_for(connection, [DueRow(due) for due in wait])
        store.record_firings(connection, [_skipped(due, overdue.moment) for due in skip])
        found.armed += len(wait)
        found.overdue += len(skip)
        last = batch[-1].case.number
        time.sleep(0)  # lets the other green threads of the process run
    return found


def _dues(connection: Connection, prepared: ReadyRule, batch: Sequence[KnownCase]) -> list[Due]:
    found = waiting_of((known, [prepared]) for known in batch)
    for _, _, error in found.broken:
        raise error
    return plan(found, {}, due_times.settled(connection, list(found.dues))).wait


def _skipped(due: Due, moment: datetime) -> FiringRow:
    return FiringRow(new_id(), due.rule_id, due.case_number, due.episode, "skipped", moment)
