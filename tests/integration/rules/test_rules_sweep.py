"""Timed rules fire when they are due, once, at the cost of what is due (A2, A5, A10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from integration.rules.rules_bench import Bench, bench
from sqlalchemy import event as sql_event
from unit.rules.rules_builders import (
    A5,
    DEMO,
    HIGH,
    created,
    hours,
    moved,
    noted,
    snapshot,
    updated,
)

from services.contracts.cases import CaseSnapshot
from services.contracts.envelope import Link
from services.contracts.rules import RuleFired, RuleStopped
from services.rules import due_times
from services.rules.actions import sweep as sweeping
from services.rules.model import rulebook, waiting
from services.runtime.clock import now
from services.runtime.database import Database

EXPERT = "Copy to an expert after 2 days"
REMIND = {"do": "remind", "whom": "responsible"}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(hours(0), tick=False) as traveller:
        yield traveller


@pytest.fixture
def service(database: Database, clock: time_machine.Traveller) -> Bench:
    return bench(database)


def demo_case(**values: Any) -> CaseSnapshot:
    return snapshot(responsible=DEMO, **values)


def timed(date: str, delay: int, unit: str = "hours", **criteria: Any) -> dict[str, Any]:
    """A rule that reminds the responsible."""
    return {
        "name": f"{date} {delay}",
        "trigger": {"date": date, "delay": delay, "unit": unit},
        "criteria": criteria,
        "actions": [REMIND],
    }


def test_A5_after_two_days_the_expert_is_put_in_copy_once(
    service: Bench, clock: time_machine.Traveller
) -> None:
    service.save(A5)
    service.take_in(created(demo_case(number=1)), created(snapshot(number=2)))
    clock.move_to(hours(48) - timedelta(seconds=1))
    assert service.sweep() == 0
    clock.move_to(hours(48))
    assert service.sweep() == 1
    (fired,) = service.published()
    assert isinstance(fired, RuleFired)
    assert fired.case_id == 1
    assert [action.do for action in fired.data.actions] == ["add_watchers", "remind"]
    assert fired.data.why == (
        "it is 2 days after its creation",
        "it is open",
        "its responsible is Demo User",
    )
    assert fired.cause == (Link(kind="rule", id="1", name=EXPERT),)
    assert fired.data.judged == demo_case(number=1)
    for _ in range(3):
        clock.shift(timedelta(days=1))
        service.take_in(noted(demo_case(number=1, version=2 + _)))
        assert service.sweep() == 0
    assert service.published() == []


def test_A5_a_case_that_is_closed_before_is_left_alone(
    service: Bench, clock: time_machine.Traveller
) -> None:
    service.save(A5)
    service.take_in(created(demo_case()))
    done = demo_case(version=2, state="done", state_since=hours(1))
    service.take_in(moved("open", done))
    clock.move_to(hours(100))
    assert service.sweep() == 0
    opened = demo_case(version=3, state_since=hours(100))
    service.take_in(moved("done", opened))
    assert service.sweep() == 1


def test_A5_another_responsible_ends_the_waiting(
    service: Bench, clock: time_machine.Traveller
) -> None:
    service.save(A5)
    service.take_in(created(demo_case()), updated(snapshot(version=2), "responsible"))
    clock.move_to(hours(100))
    assert service.sweep() == 0


def test_A10_a_deadline_moved_into_the_past_still_fires(
    service: Bench, clock: time_machine.Traveller
) -> None:
    service.save(timed("deadline", -4))
    service.take_in(created(snapshot(deadline=hours(50))))
    clock.move_to(hours(20))
    assert service.sweep() == 0
    service.take_in(updated(snapshot(version=2, deadline=hours(10)), "deadline", at=hours(20)))
    assert service.sweep() == 1
    (fired,) = service.published()
    assert fired.data.why == ("it is 4 hours before its deadline",)


def test_A10_a_rule_on_the_last_action_is_not_armed_again_by_its_own_action(
    service: Bench, clock: time_machine.Traveller
) -> None:
    service.save(timed("last_action", 24))
    service.take_in(created(snapshot()))
    clock.move_to(hours(24))
    assert service.sweep() == 1
    (fired,) = service.published()
    effect = updated(snapshot(version=2), "watchers", cause=fired.caused(), actor=fired.actor)
    service.take_in(effect)
    clock.move_to(hours(72))
    assert service.sweep() == 0
    service.take_in(noted(snapshot(version=3, last_action_at=hours(72))))
    clock.move_to(hours(96))
    assert service.sweep() == 1


def test_A2_the_time_in_a_state_begins_anew_with_each_stay(
    service: Bench, clock: time_machine.Traveller
) -> None:
    service.save(timed("state", 5, state_to="pending"))
    service.take_in(created(snapshot(state="draft")))
    service.take_in(moved("draft", snapshot(version=2, state="pending", state_since=hours(1))))
    clock.move_to(hours(6))
    assert service.sweep() == 1
    service.take_in(moved("pending", snapshot(version=3, state_since=hours(7))))
    service.take_in(moved("open", snapshot(version=4, state="pending", state_since=hours(8))))
    clock.move_to(hours(12))
    assert service.sweep() == 0
    clock.move_to(hours(13))
    assert service.sweep() == 1


def test_A10_a_stopped_service_fires_what_fell_due_meanwhile_once(
    service: Bench, database: Database, clock: time_machine.Traveller
) -> None:
    service.save(A5)
    service.take_in(*(created(demo_case(number=number)) for number in range(1, 6)))
    clock.move_to(hours(500))
    started_again = Bench(database)
    assert started_again.sweep() == 5
    assert Bench(database).sweep() == 0
    assert sorted(service.fired()) == [(EXPERT, number) for number in range(1, 6)]


def test_A10_the_criteria_are_judged_once_more(
    service: Bench, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.save(A5)
    service.take_in(created(demo_case()))
    monkeypatch.setattr(sweeping, "due_of", lambda ready, known: None)
    clock.move_to(hours(50))
    assert service.sweep() == 0
    assert service.waiting() == 0


def test_A10_an_episode_that_ended_while_the_sweep_looked_does_not_fire(
    service: Bench, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading what is due and locking its case, another process took in an event."""
    service.save(timed("last_action", 24))
    service.take_in(created(snapshot()))
    clock.move_to(hours(24))
    with service.transactions.database.read() as connection:
        seen = due_times.due_by(connection, hours(24), 10)
    service.take_in(noted(snapshot(version=2, last_action_at=hours(1))))
    turns = [1, 0]
    monkeypatch.setattr(sweeping, "_observe", lambda *given: turns.pop(0))
    with monkeypatch.context() as patched:
        patched.setattr(due_times, "due_by", lambda *given: seen)
        assert service.sweep() == 0
    assert service.waiting() == 1
    turns += [1, 0]
    clock.move_to(hours(25))
    assert service.sweep() == 1


def test_A2_the_sweep_takes_what_is_due_in_batches(
    service: Bench, clock: time_machine.Traveller
) -> None:
    service.save(timed("creation", 1))
    number = sweeping.BATCH * 2 + 50
    service.take_in(*(created(snapshot(number=one)) for one in range(1, number + 1)))
    clock.move_to(hours(1))
    assert service.sweep() == number
    assert len(set(service.fired())) == number


def test_A2_a_sweep_costs_what_is_due_and_not_what_waits(
    service: Bench, clock: time_machine.Traveller
) -> None:
    service.save(timed("creation", 1))
    service.take_in(*(created(snapshot(number=one)) for one in range(1, 101)))
    asked: list[tuple[str, Any]] = []
    database = service.transactions.database
    sql_event.listen(
        database.engine, "before_cursor_execute", lambda *given: asked.append(given[2:4])
    )
    assert service.sweep() == 0
    questions = [(text, values) for text, values in asked if text.startswith("SELECT")]
    assert len(questions) == 1
    if database.is_sqlite:
        text, values = questions[0]
        with database.read() as connection:
            (plan,) = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
        assert "USING COVERING INDEX due_times_due (due_at<?)" in plan.detail


def test_A4_a_timed_rule_that_breaks_is_tried_again_and_holds_up_nobody(
    service: Bench, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.save(timed("creation", 1))
    service.take_in(*(created(snapshot(number=one)) for one in (1, 2, 3)))
    real = waiting.due_of

    def may_break(ready: rulebook.ReadyRule, known: Any) -> Any:
        if known.case.number == 2:
            raise ZeroDivisionError
        return real(ready, known)

    monkeypatch.setattr(sweeping, "due_of", may_break)
    clock.move_to(hours(1))
    assert service.sweep() == 2
    monkeypatch.setattr(sweeping, "due_of", real)
    assert service.sweep() == 0
    clock.shift(timedelta(minutes=1))
    assert service.sweep() == 1
    assert [case for _, case in service.fired()] == [1, 3, 2]


def test_A4_a_timed_rule_that_keeps_breaking_is_tried_ever_more_rarely(
    service: Bench, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.save(timed("creation", 1))
    service.take_in(created(snapshot()))
    real, tried = waiting.due_of, []

    def breaks(ready: rulebook.ReadyRule, known: Any) -> Any:
        tried.append(int((now() - hours(1)).total_seconds() // 60))
        raise ZeroDivisionError

    monkeypatch.setattr(sweeping, "due_of", breaks)
    clock.move_to(hours(1))
    for version in range(2, 60 * 24 * 2):
        service.sweep()
        clock.shift(timedelta(minutes=1))
        if version == 20:  # what happens to the case meanwhile does not hurry it
            service.take_in(noted(snapshot(version=version)))
    assert tried == [0, 1, 6, 36, 156, 156 + 24 * 60]
    monkeypatch.setattr(sweeping, "due_of", real)
    clock.shift(timedelta(hours=1))
    assert service.sweep() == 0
    answer = service.save({"actions": [HIGH]}, id=1, version=1)  # whoever mends it need not wait
    assert (answer["armed"], answer["overdue"]) == (1, 0)
    assert service.sweep() == 1


def test_A4_timed_rules_that_are_due_at_once_do_not_set_each_other_off_for_ever(
    service: Bench, clock: time_machine.Traveller
) -> None:
    """Each finds the case in its state, at once, and moves it into that of the other."""
    other = {"open": "pending", "pending": "open"}
    for state, after in other.items():
        actions = [{"do": "set_state", "state": after}]
        service.save({**timed("state", 0, state_to=state), "name": state, "actions": actions})
    service.take_in(created(snapshot()))
    fired: list[str] = []
    stopped: list[RuleStopped] = []
    for version in range(2, 40):
        clock.shift(timedelta(seconds=1))
        service.sweep()
        for message in service.published():
            if isinstance(message, RuleStopped):
                stopped.append(message)
                continue
            before = message.data.rule_name
            fired.append(before)
            moment = now()
            case = snapshot(version=version, state=other[before], state_since=moment)
            service.take_in(moved(before, case, cause=message.caused(), at=moment))
    assert fired == ["open", "pending"] * 4
    assert [message.data.depth for message in stopped] == [8]


def test_A7_reminders_at_growing_distance_fire_each_at_its_time(
    service: Bench, clock: time_machine.Traveller
) -> None:
    service.save({**timed("creation", 3, "days", kind="quality"), "name": "remind supplier"})
    call = [{"do": "add_note", "text": "Call the supplier"}, HIGH]
    service.save({**timed("creation", 7, "days", kind="quality"), "name": "call", "actions": call})
    service.take_in(created(snapshot(kind="quality")))
    told = []
    for day in range(9):
        clock.move_to(hours(24 * day))
        service.sweep()
        told += [(day, name) for name, _ in service.fired()]
    assert told == [(3, "remind supplier"), (7, "call")]
