"""When timed rules are due, and what they fire for once (A2, A10)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from unit.rules.rules_builders import A5, DEMO, NAMES, START, hours, moved, noted, rule, snapshot

from services.contracts.cases import CaseEvent
from services.contracts.rules import Trigger
from services.rules.model.rulebook import ready
from services.rules.model.schedule import due_moment, episode_of
from services.rules.model.transition import KnownCase
from services.rules.model.waiting import Heard, due_of, learned, why_now

LATE = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("trigger", "due"),
    [
        ({"date": "creation", "delay": 2, "unit": "days"}, START + timedelta(days=2)),
        ({"date": "last_action", "delay": 90, "unit": "minutes"}, hours(5) + timedelta(minutes=90)),
        ({"date": "deadline", "delay": -4, "unit": "hours"}, LATE - timedelta(hours=4)),
        ({"date": "state", "delay": 1, "unit": "months"}, datetime(2026, 4, 2, 12, 0, tzinfo=UTC)),
        ({"date": "response_deadline", "delay": -1, "unit": "hours"}, hours(6)),
        ({"date": "start", "delay": -1, "unit": "days"}, LATE + timedelta(days=1)),
    ],
)
def test_A2_the_delay_counts_from_the_date(trigger: dict[str, Any], due: datetime) -> None:
    case = snapshot(
        last_action_at=hours(5),
        state_since=hours(3),
        deadline=LATE,
        response_deadline=hours(7),
        start=LATE + timedelta(days=2),
    )
    assert due_moment(Trigger.model_validate(trigger), case) == due


def test_A2_a_month_ends_with_the_calendar() -> None:
    case = snapshot(created_at=datetime(2026, 1, 31, 8, 0, tzinfo=UTC))
    due = due_moment(Trigger(date="creation", delay=1, unit="months"), case)
    assert due == datetime(2026, 2, 28, 8, 0, tzinfo=UTC)


def test_A2_without_a_date_or_beyond_the_calendar_nothing_is_due() -> None:
    trigger = Trigger(date="deadline", delay=10_000, unit="months")
    assert due_moment(trigger, snapshot()) is None
    assert due_moment(trigger, snapshot(deadline=datetime(9999, 12, 31, tzinfo=UTC))) is None
    days = Trigger(date="deadline", delay=-10_000, unit="days")
    assert due_moment(days, snapshot(deadline=datetime(1, 1, 2, tzinfo=UTC))) is None


@pytest.mark.parametrize(
    ("date", "criteria", "change", "is_new"),
    [
        ("creation", {}, {"state_since": hours(1)}, False),
        ("creation", {"state_to": "open"}, {"state_since": hours(1)}, True),
        ("creation", {}, {"last_action_at": hours(1)}, False),
        ("last_action", {}, {"last_action_at": hours(1)}, True),
        ("last_action", {"state_to": "open"}, {"priority": "high"}, False),
        ("deadline", {}, {"deadline": hours(9)}, True),
        ("deadline", {}, {"state_since": hours(1)}, True),
        ("deadline", {}, {"last_action_at": hours(1)}, False),
        ("response_deadline", {}, {"response_deadline": hours(9)}, True),
        ("response_deadline", {}, {"deadline": hours(9)}, False),
        ("start", {}, {"start": hours(9)}, True),
        ("start", {}, {"deadline": hours(9)}, False),
        ("state", {}, {"state_since": hours(1)}, True),
        ("state", {}, {"deadline": hours(9)}, False),
    ],
)
def test_A10_what_begins_a_new_episode(
    date: str, criteria: dict[str, Any], change: dict[str, Any], is_new: bool
) -> None:
    timed = rule(trigger={"date": date, "delay": 1}, criteria=criteria)
    case = snapshot(deadline=hours(8))
    after = case.model_copy(update=change)
    assert (episode_of(timed, case) != episode_of(timed, after)) is is_new


@pytest.mark.parametrize(
    ("criteria", "state", "came_from", "waits"),
    [
        ({}, "draft", "none", True),
        ({}, "done", "open", False),
        ({}, "cancelled", "open", False),
        ({"state_to": "done"}, "done", "open", True),
        ({"state_from": "open", "state_to": "open"}, "open", "draft", True),
        ({"state_from": "open", "state_to": "open"}, "pending", "open", False),
        ({"state_from": "done", "state_to": "open"}, "open", "done", True),
        ({"state_from": "done", "state_to": "open"}, "open", "draft", False),
        ({"state_from": "done", "state_to": "open"}, "open", "unknown", False),
        ({"state_from": "none"}, "draft", "none", True),
        ({"state_from": "none"}, "open", "draft", False),
        ({"priority": "high"}, "open", "draft", False),
    ],
)
def test_A2_a_rule_waits_for_cases_in_the_state_and_that_came_there_as_wanted(
    criteria: dict[str, Any], state: str, came_from: Any, waits: bool
) -> None:
    timed = ready(rule(trigger={"date": "creation"}, criteria=criteria))
    assert (due_of(timed, KnownCase(snapshot(state=state), came_from)) is not None) is waits


def test_A2_a_merged_case_waits_for_nothing() -> None:
    timed = ready(rule(trigger={"date": "creation"}, criteria={"state_to": "cancelled"}))
    case = snapshot(state="cancelled")
    assert due_of(timed, KnownCase(case, "open")) is not None
    merged = case.model_copy(update={"merged_into": 7})
    assert due_of(timed, KnownCase(merged, "open")) is None


def test_A2_an_answer_ends_the_response_deadline() -> None:
    trigger = Trigger(date="response_deadline")
    case = snapshot(response_deadline=hours(7))
    assert due_moment(trigger, case) == hours(7)
    assert due_moment(trigger, case.model_copy(update={"responded_at": hours(1)})) is None


def test_A5_says_why() -> None:
    known = KnownCase(snapshot(responsible=DEMO), "draft")
    assert why_now(ready(rule(**A5)), known, NAMES) == (
        "it is 2 days after its creation",
        "it is open",
        "its responsible is Demo User",
    )


@pytest.mark.parametrize(
    ("trigger", "words"),
    [
        ({"date": "deadline", "delay": -1, "unit": "hours"}, "it is 1 hour before its deadline"),
        ({"date": "deadline"}, "it is the time of its deadline"),
        ({"date": "start", "delay": -2}, "it is 2 days before its start"),
        ({"date": "state", "delay": 7}, "it has been open for 7 days"),
        (
            {"date": "last_action", "delay": 3, "unit": "months"},
            "it is 3 months after the last action on it",
        ),
    ],
)
def test_A4_a_timed_rule_tells_its_date(trigger: dict[str, Any], words: str) -> None:
    case = snapshot(deadline=LATE)
    assert why_now(ready(rule(trigger=trigger)), KnownCase(case, "draft"), NAMES)[0] == words


def came_from(*events: CaseEvent) -> list[str | None]:
    """Whence the case came into its state, after each event."""
    heard: Heard | None = None
    told: list[str | None] = []
    for event in events:
        known = learned(heard, event)
        told.append(known.came_from if known else None)
        if known:
            heard = Heard(event.version, known.came_from, known.case.state_since)
    return told


def test_an_event_tells_whence_the_case_came_and_an_older_one_tells_nothing() -> None:
    opened = moved("draft", snapshot(version=2, state_since=hours(1)))
    note = noted(snapshot(version=3, state_since=hours(1)))
    done = moved("open", snapshot(version=4, state="done", state_since=hours(2)))
    assert came_from(opened, note, done) == ["draft", "draft", "open"]
    assert came_from(done, note, opened) == ["open", None, None]
    assert came_from(note, note) == ["unknown", "unknown"]
    assert came_from(opened, noted(snapshot(version=6, state_since=hours(5)))) == [
        "draft",
        "unknown",
    ]
