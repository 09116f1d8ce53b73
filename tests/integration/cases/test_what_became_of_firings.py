"""Deadlines and tags set by rules, and what the first event says of the firing it obeys."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from services.contracts import rules
from services.contracts.cases import CaseEvent

if TYPE_CHECKING:
    from conftest import Desk

GONE_BY = datetime(2020, 2, 29, 12, tzinfo=UTC)
AHEAD = datetime(2199, 12, 31, 23, 59, tzinfo=UTC)


def case_events(desk: Desk) -> list[Any]:
    return [event for event in desk.events() if isinstance(event, CaseEvent)]


def test_A3_a_rule_sets_both_deadlines_even_one_gone_by(desk: Desk) -> None:
    number = desk.new_case().number
    desk.rule(
        number,
        rules.SetDeadline(which="response", moment=GONE_BY),
        rules.SetDeadline(which="resolution", moment=AHEAD),
    )
    case = desk.case(number)
    assert (case.response_deadline, case.deadline) == (GONE_BY, AHEAD)
    changed = {change.field: change.after for change in case.history[-1].changes}
    assert changed == {
        "response_deadline": "2020-02-29T12:00:00Z",
        "deadline": "2199-12-31T23:59:00Z",
    }


def test_A3_a_deadline_without_a_moment_is_refused_and_the_rest_is_done(desk: Desk) -> None:
    number = desk.new_case().number
    desk.rule(number, rules.SetDeadline(), rules.AddTags(tags=("late",)))
    case = desk.case(number)
    assert case.deadline is None and case.tags == ("late",)
    assert "not done: set_deadline: the rule could not tell a moment" in case.history[-1].reason


def test_A3_tags_are_added_to_those_there_are_each_once(desk: Desk) -> None:
    number = desk.new_case().number
    desk.command("change_case", number=number, version=2, fields={"tags": ["printer"]})
    desk.rule(number, rules.AddTags(tags=("hot", "printer", "hot")))
    assert desk.case(number).tags == ("printer", "hot")
    desk.rule(number, rules.AddTags(tags=("hot",)))
    assert desk.case(number).history[-1].changes == ()


def test_A4_the_first_event_says_what_became_of_the_firing_and_no_other(desk: Desk) -> None:
    number = desk.new_case().number
    desk.events()
    fired = desk.rule(
        number,
        rules.AddNote(text="Look at it"),
        rules.Assign(user_id=999),
        rules.SetPriority(priority="high"),
        rules.Remind(whom="responsible"),
    )
    first, note = case_events(desk)
    assert first.data.firing.firing_id == fired.data.firing_id
    assert first.data.firing.changed is True
    assert first.data.firing.refused == (
        "assign: responsible_id: there is none with the number 999",
        "remind: reminded nobody: the case has no responsible with an address",
    )
    assert note.type == "case.message_added" and note.data.firing is None


def test_A4_a_firing_that_changed_nothing_says_so(desk: Desk) -> None:
    case = desk.new_case()
    desk.events()
    fired = desk.rule(case.number, rules.SetPriority(priority=case.priority))
    (event,) = case_events(desk)
    assert (event.data.firing.firing_id, event.data.firing.changed) == (
        fired.data.firing_id,
        False,
    )
    assert event.data.firing.refused == () and event.data.changes == ()
