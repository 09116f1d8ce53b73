"""What a rule would have done, without doing it, on both databases (A9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from integration.rules.rules_bench import Bench, bench
from sqlalchemy import func, select
from unit.rules.rules_builders import (
    A5,
    A6,
    ACME,
    CONTRACT,
    DEMO,
    GOLD,
    HIGH,
    by_rule,
    created,
    hours,
    moved,
    noted,
    snapshot,
    updated,
)

from services.contracts.cases import CaseEvent, Change
from services.contracts.errors import InvalidRequest, NotFound
from services.rules import past_events, tables
from services.rules.actions.fill_history import fill_history
from services.rules.actions.tidy import tidy
from services.rules.actions.try_rule import at_once, try_rule
from services.rules.model.past import PastEvent
from services.runtime.database import Database

GOLD_CASE = snapshot(partner=ACME, partner_categories=[CONTRACT, GOLD])
TIMED = {"trigger": {"date": "creation", "delay": 2}, "actions": [HIGH]}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(hours(24 * 10), tick=False) as traveller:
        yield traveller


@pytest.fixture
def service(database: Database, clock: time_machine.Traveller) -> Bench:
    return bench(database)


def rows(service: Bench) -> dict[str, int]:
    """How much there is in each table."""
    with service.transactions.database.read() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in tables.metadata.tables.items()
        }


def test_A9_an_unsaved_rule_tells_which_cases_when_why_and_what(service: Bench) -> None:
    service.take_in(created(GOLD_CASE, at=hours(1)), created(snapshot(number=7), at=hours(2)))
    before = rows(service)
    told = service.try_rule(fields={"criteria": A6["criteria"], "actions": [HIGH]})
    assert (told.count, told.cases, told.judged_cases) == (1, 1, 2)
    assert (told.since, told.until) == (hours(-24 * 20), hours(24 * 10))
    assert told.known_since == hours(1)
    (item,) = told.items
    assert (item.case_number, item.subject, item.at) == (101, GOLD_CASE.subject, hours(1))
    assert item.why == (
        "it was created as open",
        "its partner Acme is in category Support Contract / Gold",
    )
    assert item.changes == (Change(field="priority", before="normal", after="high"),)
    assert rows(service) == before
    assert service.published() == []


def test_A9_a_saved_rule_is_tried_with_other_fields_over_its_own(service: Bench) -> None:
    id = service.save({**A6, "active": False})["rule"]["id"]
    service.take_in(created(GOLD_CASE))
    assert service.try_rule(id=id).count == 1
    assert service.try_rule(id=id, fields={"criteria": {"priority": "high"}}).count == 0
    assert service.rule(A6["name"]).version == 1


def test_A9_a_timed_rule_would_have_fired_at_its_due_moment(service: Bench) -> None:
    case = snapshot(responsible=DEMO)
    service.take_in(created(case), created(snapshot(number=7, responsible=DEMO)))
    service.take_in(moved("open", snapshot(number=7, version=2, state="done"), at=hours(47)))
    told = service.try_rule(fields=A5)
    (item,) = told.items
    assert (item.case_number, item.at) == (101, hours(48))
    assert item.why[0] == "it is 2 days after its creation"
    (change,) = item.changes
    assert (change.field, change.before) == ("watchers", [])
    assert [one["address"] for one in change.after] == ["expert@mycompany.example"]


def test_A9_what_happens_at_the_due_moment_comes_first(service: Bench) -> None:
    service.take_in(created(snapshot(number=1)), created(snapshot(number=2)))
    done = snapshot(number=1, version=2, state="done")
    service.take_in(moved("open", done, at=hours(48)))
    assert [one.case_number for one in service.try_rule(fields=TIMED).items] == [2]


def test_A9_what_is_due_later_and_what_was_overdue_before_do_not_count(
    service: Bench, clock: time_machine.Traveller
) -> None:
    service.take_in(created(snapshot(number=1)))
    service.take_in(created(snapshot(number=2, created_at=hours(24 * 9)), at=hours(24 * 9)))
    assert service.try_rule(fields=TIMED, days=7).count == 0
    assert service.try_rule(fields=TIMED, days=8).count == 0
    inside = service.try_rule(fields=TIMED, days=9)
    assert [(one.case_number, one.at) for one in inside.items] == [(1, hours(48))]


def test_A9_a_case_that_nothing_happened_to_is_tried_as_it_stood(service: Bench) -> None:
    opened = moved("draft", snapshot(version=2, state_since=hours(1)), at=hours(1))
    service.take_in(created(snapshot(state="draft")), opened)
    service.take_in(created(snapshot(number=7, state="cancelled")))
    rule = {
        "criteria": {"state_from": "draft", "state_to": "open"},
        "trigger": {"date": "state", "delay": 9},
        "actions": [HIGH],
    }
    told = service.try_rule(fields=rule, days=5)
    assert [(one.case_number, one.at) for one in told.items] == [(101, hours(1 + 24 * 9))]
    assert (told.judged_cases, told.known_since) == (1, None)
    service.take_in(noted(snapshot(version=3, state_since=hours(1)), at=hours(24 * 8)))
    again = service.try_rule(fields=rule, days=5)
    assert (again.items, again.judged_cases) == (told.items, 1)


def test_A9_each_episode_counts_once(service: Bench) -> None:
    rule = {"trigger": {"date": "last_action", "delay": 1}, "actions": [HIGH]}
    service.take_in(created(snapshot(last_action_at=hours(0))))
    service.take_in(noted(snapshot(version=2, last_action_at=hours(48)), at=hours(48)))
    by_itself = updated(snapshot(version=3, last_action_at=hours(48)), "tags", at=hours(80))
    service.take_in(by_itself)
    told = service.try_rule(fields=rule)
    assert [one.at for one in told.items] == [hours(72), hours(24)]


def test_A9_a_rule_is_not_tried_on_its_own_effect(service: Bench) -> None:
    id = service.save({"name": "Tags", "criteria": {"priority": "high"}, "actions": [HIGH]})
    high = snapshot(version=2, priority="high")
    service.take_in(updated(high, "priority", **by_rule(id["rule"]["id"]), at=hours(1)))
    again = high.model_copy(update={"version": 3})
    service.take_in(updated(again, "priority", **by_rule(99), at=hours(2)))
    assert [one.at for one in service.try_rule(id=id["rule"]["id"]).items] == [hours(2)]


def test_A9_earlier_rules_that_stop_count_and_later_ones_do_not(service: Bench) -> None:
    end = {"name": "End", "criteria": {"kind": "claim"}, "stop": True}
    service.take_in(created(snapshot(number=1, kind="claim")), created(snapshot(number=2)))
    saved = service.save({**end, "order": 50})["rule"]
    assert [one.case_number for one in service.try_rule(fields={"actions": [HIGH]}).items] == [2]
    service.save({"order": 200}, id=saved["id"], version=1)
    assert service.try_rule(fields={"actions": [HIGH]}).count == 2
    service.save({"order": 50, "active": False}, id=saved["id"], version=2)
    assert service.try_rule(fields={"actions": [HIGH]}).count == 2


def test_A9_the_latest_are_listed_and_all_are_counted(service: Bench) -> None:
    many = [created(snapshot(number=one), at=hours(one / 10)) for one in range(1, 601)]
    for start in range(0, 600, 100):
        service.take_in(*many[start : start + 100])
    told = service.try_rule(fields={"actions": [HIGH]}, limit=3)
    assert (told.count, told.cases, told.judged_cases) == (600, 600, 600)
    assert [one.case_number for one in told.items] == [600, 599, 598]
    timed = service.try_rule(fields={**TIMED, "trigger": {"date": "creation", "delay": 3}}, days=8)
    assert (timed.count, len(timed.items)) == (600, 200)


def test_A9_direct_actions_tell_what_they_would_change(service: Bench) -> None:
    service.take_in(created(snapshot(tags=("a",))))
    actions = [
        {"do": "set_state", "state": "pending"},
        {"do": "move_to_section", "section_id": 1},
        {"do": "assign", "user_id": DEMO.id},
        {"do": "set_category", "category_id": 7},
        {"do": "add_tags", "tags": ["a", "b"]},
        {"do": "set_deadline", "delay": 4, "unit": "hours"},
        {"do": "set_deadline", "which": "response", "delay": 1, "unit": "hours"},
        {"do": "escalate"},
        {"do": "add_note", "text": "x"},
    ]
    (item,) = service.try_rule(fields={"actions": actions}).items
    told = {one.field: (one.before, one.after) for one in item.changes}
    assert told == {
        "state": ("open", "pending"),
        "section": (None, {"id": 1, "name": "Support"}),
        "responsible": (None, {"id": 2, "name": "Demo User"}),
        "category": (None, {"id": 7, "name": "Fault / Print"}),
        "tags": (["a"], ["a", "b"]),
        "deadline": (None, "2026-03-02T13:00:00Z"),
        "response_deadline": (None, "2026-03-02T10:00:00Z"),
    }


def test_A9_a_field_that_is_not_part_of_the_case_keeps_its_changes(service: Bench) -> None:
    case = snapshot(version=2, custom={"serial": "x"})
    change = Change(field="custom", before={}, after={"serial": "x"})
    event = updated(case, at=hours(1))
    data = event.data.model_copy(update={"changes": (change,)})
    service.take_in(event.model_copy(update={"data": data}))
    tried = service.try_rule(fields={"criteria": {"custom": {"serial": "x"}}, "actions": [HIGH]})
    assert tried.count == 1


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"fields": {"actions": []}}, "actions"),
        ({"fields": {"actions": [{"do": "conjure"}]}}, "actions.0.do"),
        ({"fields": {"actions": [HIGH], "criteria": {"section_id": 9}}}, "criteria.section_id"),
        (
            {"fields": {"actions": [HIGH], "trigger": {"date": "creation", "calendar_id": 4}}},
            "trigger.calendar_id",
        ),
        ({"fields": {"actions": [HIGH]}, "days": 366}, "days"),
        ({"fields": {"actions": [HIGH]}, "limit": 0}, "limit"),
        ({"fields": "x"}, "question"),
    ],
)
def test_A9_a_question_that_makes_no_sense_says_what_to_do(
    service: Bench, question: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidRequest) as raised:
        service.try_rule(**question)
    assert raised.value.field == field


def test_A9_what_takes_too_long_says_what_to_ask_instead(service: Bench) -> None:
    service.take_in(created(snapshot()))
    asked = {"fields": {"actions": [HIGH]}}
    with pytest.raises(InvalidRequest, match="fewer days"):
        try_rule(service.transactions, service.directory, asked, at_once, -1)
    assert try_rule(service.transactions, service.directory, asked, at_once, 60).count == 1


def test_A9_a_rule_that_there_is_not_cannot_be_tried(service: Bench) -> None:
    with pytest.raises(NotFound):
        service.try_rule(id=99)


def test_A9_a_case_whose_past_a_newer_release_wrote_is_left_out(service: Bench) -> None:
    service.take_in(created(snapshot(number=1)), created(snapshot(number=2)))
    with service.transactions.begin() as transaction:
        transaction.connection.exec_driver_sql(
            """UPDATE past_events SET body = '{"type": "x"}' WHERE case_number = 1"""
        )
    assert [one.case_number for one in service.try_rule(fields={"actions": [HIGH]}).items] == [2]


def test_A9_an_event_is_kept_once_and_judges_the_same(service: Bench) -> None:
    event = updated(GOLD_CASE, "priority", **by_rule(7), at=hours(1))
    service.take_in(event)
    service.take_in(event.model_copy(update={"id": "again"}))
    with service.transactions.database.read() as connection:
        (row,) = past_events.events_of(connection, [101], None, hours(99))
    past = PastEvent.model_validate_json(row.body).event(row.at)
    assert past.data.case == event.data.case
    assert (past.data.changes, past.actor.kind) == (event.data.changes, "rule")
    assert [link.id for link in past.cause] == ["7"]


def test_A9_the_past_is_forgotten_after_400_days(
    service: Bench, clock: time_machine.Traveller
) -> None:
    for number in range(1, 8):
        service.take_in(created(snapshot(number=number), at=hours(number)))
    clock.move_to(hours(4) + timedelta(days=400))
    assert tidy(service.transactions) == 3
    assert rows(service)["past_events"] == 4
    assert tidy(service.transactions) == 0


def log_of(events: list[CaseEvent], page: int) -> Any:
    """`read_events` of a cases service with a mail and these events in its log."""
    bodies = [("mail.send", "{}"), *((one.type, one.model_dump_json()) for one in events)]
    items = [
        {"position": position, "type": type, "body": body}
        for position, (type, body) in enumerate(bodies, 1)
    ]

    def read_events(after: int, limit: int) -> dict[str, Any]:
        some = items[after : after + page]
        return {"items": some, "last": some[-1]["position"] if some else after}

    return read_events


def test_A9_the_past_of_an_older_system_is_read_from_the_log_of_cases(service: Bench) -> None:
    """Rules took in what came last; the log knows the rest, and the same again."""
    events = [
        created(snapshot(number=1, state="draft"), at=hours(-24 * 500)),
        moved("draft", snapshot(number=1, version=2), at=hours(1)),
        noted(snapshot(number=1, version=3), at=hours(2)),
        created(snapshot(number=2), at=hours(3)),
    ]
    service.take_in(events[-1])
    filled = fill_history(service.transactions, log_of(events, page=2))
    assert (filled.events, filled.unreadable) == (3, [])
    assert fill_history(service.transactions, log_of(events, page=3)).events == 3
    assert rows(service)["past_events"] == 3
    with service.transactions.database.read() as connection:
        kept = past_events.events_of(connection, [1], None, hours(99))
    assert [PastEvent.model_validate_json(row.body).came_from for row in kept] == ["draft"] * 2
    assert service.try_rule(fields={"actions": [HIGH]}).count == 2


def test_A9_what_of_the_log_cannot_be_read_is_named(service: Bench) -> None:
    def read_events(after: int, limit: int) -> dict[str, Any]:
        items = [{"position": 1, "type": "case.created", "body": "{}"}]
        return {"items": [] if after else items, "last": 1}

    filled = fill_history(service.transactions, read_events)
    assert filled.events == 0
    assert filled.unreadable[0].startswith("position 1: case.created")
