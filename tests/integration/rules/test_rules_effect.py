"""What became of firings, where rules broke, and the sums of both, on both databases (A4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from integration.rules.rules_bench import Bench, bench
from unit.rules.rules_builders import (
    HIGH,
    by_rule,
    created,
    hours,
    moved,
    noted,
    rule_link,
    snapshot,
    updated,
)

from services.contracts.cases import FiringOutcome, MessageAdded
from services.contracts.envelope import SYSTEM, Actor
from services.contracts.rules import RuleSummary
from services.rules.failures import Broke, record
from services.rules.model import waiting
from services.rules.summary import summarise
from services.runtime.clock import now
from services.runtime.database import Database

OPENED = {"name": "Opened", "criteria": {"state_to": "open"}, "actions": [HIGH]}
PARTNER = Actor(kind="partner", id=8, name="Pat")
MACHINE = MessageAdded(message_number=1, kind="mail", direction="in", author="Pat", automatic=True)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(hours(0), tick=False) as traveller:
        yield traveller


@pytest.fixture
def service(database: Database, clock: time_machine.Traveller) -> Bench:
    return bench(database)


def firing(service: Bench, number: int = 101) -> Any:
    (found,) = service.firings(case_number=number)
    return found


def summary(service: Bench, rule_id: int, days: int = 30) -> RuleSummary:
    with service.transactions.database.read() as connection:
        return summarise(connection, rule_id, days, now())


def test_A4_a_firing_says_what_set_it_off_and_the_chain_behind_it(service: Bench) -> None:
    service.save(OPENED)
    event = moved("draft", snapshot(version=2), cause=(rule_link(7), rule_link(8)))
    service.take_in(event)
    found = firing(service)
    assert (found.rule_name, found.outcome, found.set_off_by, found.chain) == (
        "Opened",
        "fired",
        "case.state_changed",
        ("Rule 7", "Rule 8"),
    )
    assert (found.changed, found.refused, found.next_action_at, found.closed_at) == (
        None,
        (),
        None,
        None,
    )


def test_A4_a_timed_rule_is_set_off_by_its_date(
    service: Bench, clock: time_machine.Traveller
) -> None:
    service.save({"name": "T", "trigger": {"date": "creation", "delay": 1}, "actions": [HIGH]})
    service.take_in(created(snapshot()))
    clock.move_to(hours(24))
    assert service.sweep() == 1
    found = firing(service)
    assert (found.set_off_by, found.chain, found.at) == ("", (), hours(24))


def test_A4_what_cases_made_of_it_comes_with_the_first_event(service: Bench) -> None:
    service.save(OPENED)
    service.take_in(created(snapshot()))
    outcome = FiringOutcome(
        firing_id=firing(service).firing_id, changed=True, refused=("escalate: none above",)
    )
    effect = updated(snapshot(version=2), "priority", **by_rule(1), at=hours(1), firing=outcome)
    service.take_in(effect)
    found = firing(service)
    assert (found.changed, found.refused) == (True, ("escalate: none above",))
    assert found.next_action_at is None


def test_A4_the_next_act_of_a_person_and_the_next_closing_are_kept_once(service: Bench) -> None:
    service.save(OPENED)
    service.take_in(created(snapshot()), created(snapshot(number=7)))
    service.take_in(updated(snapshot(version=2), "tags", actor=SYSTEM, at=hours(1)))
    service.take_in(updated(snapshot(version=3), "tags", **by_rule(1), at=hours(2)))
    service.take_in(noted(snapshot(version=4), actor=PARTNER, at=hours(3)))
    service.take_in(noted(snapshot(version=5), at=hours(4)))
    assert (firing(service).next_action_at, firing(service).closed_at) == (hours(3), None)
    done = snapshot(version=6, state="done")
    service.take_in(moved("open", done, **by_rule(9), at=hours(5)))
    service.take_in(moved("done", snapshot(version=7, state="cancelled"), at=hours(6)))
    assert (firing(service).next_action_at, firing(service).closed_at) == (hours(3), hours(5))
    assert firing(service, 7).next_action_at is None


def test_A4_one_batch_may_bring_all_of_it(service: Bench) -> None:
    service.save(OPENED)
    service.take_in(created(snapshot()))
    late = noted(snapshot(version=3), at=hours(3))
    early = noted(snapshot(version=2), at=hours(2))
    closed = moved("open", snapshot(version=4, state="done"), actor=SYSTEM, at=hours(4))
    service.take_in(late, early, closed)
    assert (firing(service).next_action_at, firing(service).closed_at) == (hours(2), hours(4))


def test_A4_an_answering_machine_and_what_came_before_are_no_next_act(
    service: Bench, clock: time_machine.Traveller
) -> None:
    service.save(OPENED)
    clock.move_to(hours(2))
    service.take_in(created(snapshot()))
    service.take_in(noted(snapshot(version=2), at=hours(1)))
    machine = noted(snapshot(version=3), actor=PARTNER, at=hours(3))
    data = machine.data.model_copy(update={"message": MACHINE})
    service.take_in(machine.model_copy(update={"data": data}))
    assert firing(service).next_action_at is None


def test_A4_firings_are_read_page_by_page(service: Bench) -> None:
    service.save(OPENED)
    for number in range(1, 6):
        service.take_in(created(snapshot(number=number)))
    first = service.firings(limit=2)
    second = service.firings(limit=2, before=first[-1].firing_id)
    third = service.firings(limit=2, before=second[-1].firing_id)
    assert [one.case_number for one in (*first, *second, *third)] == [5, 4, 3, 2, 1]


def test_A4_the_summary_counts_and_takes_the_middle(
    service: Bench, clock: time_machine.Traveller
) -> None:
    id = service.save(OPENED)["rule"]["id"]
    numbers = (1, 2, 3, 4)
    service.take_in(*(created(snapshot(number=number)) for number in numbers))
    for number, after in zip(numbers, (1, 2, 6), strict=False):
        service.take_in(noted(snapshot(number=number, version=2), at=hours(after)))
    closed = moved("open", snapshot(number=1, version=3, state="done"), at=hours(10))
    service.take_in(closed)
    outcome = {"changed": False, "refused": ["escalate: none above"]}
    told = FiringOutcome(firing_id=firing(service, 1).firing_id, **outcome)
    service.take_in(updated(snapshot(number=1, version=4), firing=told, **by_rule(id)))
    service.take_in(created(snapshot(number=9), cause=tuple(rule_link(7) for _ in range(8))))
    assert summary(service, id) == RuleSummary(
        rule_id=id,
        days=30,
        fired=4,
        stopped=1,
        refused=1,
        acted=3,
        closed=1,
        median_seconds_to_action=7200,
        median_seconds_to_close=36_000,
        last_fired_at=hours(0),
    )
    clock.move_to(hours(0) + timedelta(days=31))
    assert summary(service, id) == RuleSummary(rule_id=id, days=30)


def test_A4_the_summary_counts_what_a_rule_waits_for_and_where_it_broke(
    service: Bench, clock: time_machine.Traveller
) -> None:
    timed = {"name": "T", "trigger": {"date": "creation", "delay": 1}, "actions": [HIGH]}
    id = service.save(timed)["rule"]["id"]
    service.take_in(created(snapshot(number=1)), created(snapshot(number=2)))
    with service.transactions.begin() as transaction:
        record(transaction.connection, [Broke(id, 2, ValueError("x"))], now())
    found = summary(service, id)
    assert (found.waiting, found.failed, found.fired) == (2, 1, 0)
    clock.move_to(hours(24))
    service.sweep()
    found = summary(service, id)
    assert (found.waiting, found.failed, found.fired) == (0, 1, 2)


def test_A4_a_rule_that_breaks_on_an_event_is_recorded_though_the_event_comes_again(
    service: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = service.save(OPENED)["rule"]["id"]
    event = created(snapshot())

    def breaks(*_: Any) -> bool:
        raise ZeroDivisionError("null \x00 " + "x" * 1000)

    with monkeypatch.context() as patched:
        patched.setattr("services.rules.model.engine.holds_for_event", breaks)
        assert service.take_in(event) and service.take_in(event)
    (failure,) = service.failures(id)
    assert (failure.rule_id, failure.case_number, failure.attempts) == (id, 101, 2)
    assert failure.at == hours(0)
    assert failure.error.startswith("ZeroDivisionError: null   xxx") and len(failure.error) == 500
    assert service.take_in(event) == []
    assert service.failures() == [failure]
    assert service.failures(id + 1) == []


def test_A4_a_timed_rule_that_breaks_when_it_is_due_is_recorded(
    service: Bench, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    timed = {"name": "T", "trigger": {"date": "creation", "delay": 1}, "actions": [HIGH]}
    id = service.save(timed)["rule"]["id"]
    service.take_in(created(snapshot()))
    clock.move_to(hours(24))

    def breaks(*_: Any) -> None:
        raise ZeroDivisionError("of a date")

    with monkeypatch.context() as patched:
        patched.setattr(waiting, "words_for_date", breaks)
        assert service.sweep() == 0
    (failure,) = service.failures(id)
    assert (failure.error, failure.attempts) == ("ZeroDivisionError: of a date", 1)


def test_A4_attempts_count_anew_when_there_was_peace_meanwhile(service: Bench) -> None:
    counted = []
    for after in (0, 1, 2, 24, 100, 101):
        with service.transactions.begin() as transaction:
            broke = [Broke(1, 101, ValueError("x"))]
            counted.append(record(transaction.connection, broke, hours(after)))
    assert [one[1, 101] for one in counted] == [1, 2, 3, 4, 1, 2]
