"""Rules are saved with care for what is overdue, for others who save, and for names (A10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from integration.rules.rules_bench import Bench, bench
from unit.rules.rules_builders import (
    A5,
    A6,
    ACME,
    CONTRACT,
    DEMO,
    GOLD,
    HIGH,
    created,
    hours,
    moved,
    snapshot,
)

from services.contracts.errors import InvalidRequest, NotFound, StaleVersion
from services.rules.actions.delete_rule import delete_rule
from services.runtime.database import Database

REMIND = {"do": "remind", "whom": "responsible"}
TIMED = {
    "name": "Two days",
    "trigger": {"date": "creation", "delay": 2, "unit": "days"},
    "actions": [REMIND],
}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(hours(0), tick=False) as traveller:
        yield traveller


@pytest.fixture
def service(database: Database, clock: time_machine.Traveller) -> Bench:
    return bench(database)


def old_and_new(service: Bench, clock: time_machine.Traveller) -> None:
    """Three cases of three days ago, one of them closed, and two of now; it is hour 72."""
    service.take_in(*(created(snapshot(number=number)) for number in (1, 2, 3)))
    closed = snapshot(number=3, version=2, state="done", state_since=hours(1))
    service.take_in(moved("open", closed))
    clock.move_to(hours(72))
    new = {"created_at": hours(72), "last_action_at": hours(72), "state_since": hours(72)}
    service.take_in(*(created(snapshot(number=number, **new)) for number in (4, 5)))


def test_A10_a_new_timed_rule_tells_what_is_overdue_and_leaves_it_alone(
    service: Bench, clock: time_machine.Traveller
) -> None:
    old_and_new(service, clock)
    answer = service.save(TIMED)
    assert (answer["armed"], answer["overdue"]) == (2, 2)
    assert service.sweep() == 0
    clock.shift(timedelta(days=2))
    assert service.sweep() == 2
    assert sorted(service.fired()) == [("Two days", 4), ("Two days", 5)]
    assert len(service.firings()) == 2


def test_A10_what_was_left_alone_stays_so_when_its_case_changes(
    service: Bench, clock: time_machine.Traveller
) -> None:
    old_and_new(service, clock)
    service.save(TIMED)
    service.take_in(moved("open", snapshot(number=1, version=2, state="pending")))
    assert service.sweep() == 0


def test_A10_what_is_overdue_fires_when_asked(
    service: Bench, clock: time_machine.Traveller
) -> None:
    old_and_new(service, clock)
    answer = service.save(TIMED, fire_overdue=True)
    assert (answer["armed"], answer["overdue"]) == (4, 0)
    assert service.sweep() == 2
    assert sorted(service.fired()) == [("Two days", 1), ("Two days", 2)]


def test_A10_after_a_look_at_the_number_the_overdue_can_still_be_asked_for(
    service: Bench, clock: time_machine.Traveller
) -> None:
    old_and_new(service, clock)
    first = service.save(TIMED)
    again = service.save({}, id=first["rule"]["id"], version=1, fire_overdue=True)
    assert (again["armed"], again["overdue"]) == (4, 0)
    assert service.sweep() == 2
    once_more = service.save({}, id=first["rule"]["id"], version=1, fire_overdue=True)
    assert (once_more["armed"], once_more["overdue"]) == (2, 0)
    assert service.sweep() == 0


def test_A10_saving_a_rule_again_keeps_what_it_waits_for(
    service: Bench, clock: time_machine.Traveller
) -> None:
    service.take_in(created(snapshot(number=1)))
    saved = service.save(TIMED)["rule"]
    clock.move_to(hours(50))
    answer = service.save({"name": "Renamed"}, id=saved["id"], version=1)
    assert (answer["armed"], answer["overdue"]) == (1, 0)
    assert service.sweep() == 1
    assert service.fired() == [("Renamed", 1)]


def test_a_changed_rule_waits_for_other_cases_at_other_times(
    service: Bench, clock: time_machine.Traveller
) -> None:
    service.take_in(created(snapshot(number=1)), created(snapshot(number=2, priority="high")))
    rule = service.save(TIMED)["rule"]
    service.save({"criteria": {"priority": "high"}}, id=rule["id"], version=1)
    assert service.waiting() == 1
    service.save({"trigger": {"date": "creation", "delay": 5}}, id=rule["id"], version=2)
    clock.move_to(hours(24 * 5) - timedelta(seconds=1))
    assert service.sweep() == 0
    clock.move_to(hours(24 * 5))
    assert service.sweep() == 1
    assert service.fired() == [("Two days", 2)]


def test_A4_a_rule_switched_off_or_deleted_or_made_immediate_waits_for_nothing(
    service: Bench, clock: time_machine.Traveller
) -> None:
    service.take_in(created(snapshot()))
    rule = service.save(TIMED)["rule"]
    service.save({"active": False}, id=rule["id"], version=1)
    assert service.waiting() == 0
    service.save({"active": True}, id=rule["id"], version=2)
    assert service.waiting() == 1
    service.save({"trigger": {}}, id=rule["id"], version=3)
    assert service.waiting() == 0
    service.save({"trigger": TIMED["trigger"]}, id=rule["id"], version=4)
    assert service.waiting() == 1
    delete_rule(service.transactions, rule["id"], 5)
    assert service.waiting() == 0
    assert service.rule("Two days") is None


def test_what_a_rule_fired_is_kept_when_it_is_deleted_and_its_id_is_not_used_again(
    service: Bench,
) -> None:
    first = service.save({"name": "First", "actions": [HIGH]})["rule"]
    service.take_in(created(snapshot()))
    delete_rule(service.transactions, first["id"], 1)
    second = service.save({"name": "Second", "actions": [HIGH]})["rule"]
    assert second["id"] != first["id"]
    assert [firing.rule_id for firing in service.firings()] == [first["id"]]


def test_many_known_cases_are_armed_in_batches(
    service: Bench, clock: time_machine.Traveller
) -> None:
    number = 1200
    for start in range(0, number, 100):
        service.take_in(*(created(snapshot(number=start + one)) for one in range(1, 101)))
    answer = service.save(TIMED)
    assert answer["armed"] == service.waiting() == number


def test_the_same_command_again_gets_the_same_answer_and_changes_nothing(service: Bench) -> None:
    first = service.save(A6, idempotency_key="one")
    assert service.save({**A6, "name": "Other"}, idempotency_key="one") == first
    assert service.rule("Other") is None
    assert service.rule(A6["name"]).version == 1


def test_a_stale_version_gets_the_current_one(service: Bench) -> None:
    id = service.save(A6)["rule"]["id"]
    service.save({"order": 5}, id=id, version=1)
    with pytest.raises(StaleVersion) as raised:
        service.save({"order": 6}, id=id, version=1)
    assert (raised.value.expected, raised.value.current) == (1, 2)
    with pytest.raises(StaleVersion):
        delete_rule(service.transactions, id, 1)
    with pytest.raises(InvalidRequest, match="version"):
        service.save({"order": 6}, id=id)


@pytest.mark.parametrize("id", [0, 99, 2**40])
def test_a_rule_that_is_not_there_is_not_found(service: Bench, id: int) -> None:
    with pytest.raises(NotFound):
        service.save({"order": 6}, id=id, version=1)
    with pytest.raises(NotFound):
        delete_rule(service.transactions, id, 1)


def test_two_rules_do_not_share_a_name(service: Bench) -> None:
    service.save(A6)
    other = service.save({**A6, "name": "Other"})["rule"]
    with pytest.raises(InvalidRequest, match="has this name"):
        service.save(A6)
    with pytest.raises(InvalidRequest, match="has this name"):
        service.save({"name": A6["name"]}, id=other["id"], version=1)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"criteria": {"section_id": 9}}, "criteria.section_id"),
        ({"criteria": {"responsible_id": 9}}, "criteria.responsible_id"),
        ({"criteria": {"category_id": 9}}, "criteria.category_id"),
        ({"criteria": {"partner_category_id": 9}}, "criteria.partner_category_id"),
        ({"criteria": {"partner_id": 9}}, "criteria.partner_id"),
        ({"actions": [{"do": "assign", "user_id": 9}]}, "actions.0.user_id"),
    ],
)
def test_a_rule_that_names_what_is_not_there_is_refused(
    service: Bench, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidRequest, match="there is no") as raised:
        service.save({**A6, **fields})
    assert raised.value.field == field
    assert service.rule(A6["name"]) is None


def test_while_cases_is_away_a_rule_is_taken_on_trust(service: Bench) -> None:
    service.cases.away = True
    service.save(A6)
    gold = snapshot(partner=ACME, partner_categories=[CONTRACT, GOLD])
    service.take_in(created(gold))
    (fired,) = service.published()
    assert fired.data.why[-1] == f"its partner Acme is in category #{GOLD}"


def test_a_rule_that_is_on_names_nobody_who_left(service: Bench) -> None:
    service.cases.lists["list_users"] = [
        {"id": DEMO.id, "login": "demo", "name": DEMO.name, "active": False}
    ]
    with pytest.raises(InvalidRequest, match="Demo User is not active"):
        service.save(A5)
    saved = service.save({**A5, "active": False})["rule"]
    with pytest.raises(InvalidRequest, match="Demo User is not active"):
        service.save({"active": True}, id=saved["id"], version=1)
