"""Rules in sentences that people read."""

from __future__ import annotations

from typing import Any

import pytest

from services.contracts.rules import Criteria, Rule, SetPriority
from services.web.pages.action_words import action_words
from services.web.pages.criteria_words import Names, criteria_words
from services.web.pages.rule_words import sentence, when_words

NAMES = Names(
    sections={1: "Support"},
    users={3: "Demo User"},
    categories={4: "Hardware / Printer"},
    partner_categories={5: "Support Contract / Gold"},
    kinds={"claim": "Claim"},
    partners={6: "Acme"},
    templates={8: "Welcome"},
    calendars={9: "Office"},
    fields={("claim", "serial"): "Serial number", ("claim", "tester"): "Tester"},
    person_fields=frozenset({("claim", "tester")}),
)


def rule(**fields: Any) -> Rule:
    return Rule.model_validate({"id": 1, "name": "x", **fields})


def words(**fields: Any) -> str:
    return str(sentence(rule(**fields), NAMES))


def test_A5_copy_to_an_expert_reads_as_it_was_meant() -> None:
    assert words(
        criteria={"state_from": "open", "state_to": "open", "responsible_id": 3},
        trigger={"date": "creation", "delay": 2, "unit": "days"},
        actions=[{"do": "add_watchers", "addresses": ["expert@x.org"]}, {"do": "remind"}],
    ) == (
        "2 days after a case was opened, while it is open and its responsible is Demo User, "
        "copy it to expert@x.org, who may answer and "
        "remind the responsible by mail with the discussion."
    )


def test_A6_priority_to_gold_partners_reads_as_it_was_meant() -> None:
    assert words(
        criteria={"state_to": "open", "partner_category_id": 5},
        actions=[{"do": "set_priority", "priority": "high"}],
    ) == (
        "When a case goes from any state to open and its partner is in Support Contract / Gold, "
        "set priority to high."
    )


def test_a_rule_that_is_only_begun_reads_with_gaps() -> None:
    unfinished = rule().model_copy(
        update={"actions": (SetPriority.model_construct(do="set_priority", priority=""),)}
    )
    assert str(sentence(unfinished, NAMES)).endswith("changed, set priority to ….")
    assert words() == "Whenever a case is opened or changed, do nothing."
    assert words(stop=True).endswith("changed, let no later rule act.")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("any", "any", "Whenever a case is opened or changed"),
        ("none", "any", "When a case is opened"),
        ("none", "draft", "When a case is opened as draft"),
        ("open", "any", "When a case goes from open to any state"),
        ("done", "open", "When a case goes from done to open"),
        ("open", "open", "When a case changes and stays open"),
    ],
)
def test_A1_states_before_and_after_read_as_a_moment(
    before: str, after: str, expected: str
) -> None:
    found = when_words(rule(criteria={"state_from": before, "state_to": after}), NAMES)
    assert found == expected


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        (
            {"date": "deadline", "delay": -1, "unit": "hours"},
            "1 hour before the deadline of a case",
        ),
        ({"date": "last_action", "delay": 3}, "3 days after the last action on a case"),
        ({"date": "deadline"}, "At the deadline of a case"),
        ({"date": "creation"}, "When a case is opened"),
        ({"date": "start", "delay": -2, "unit": "months"}, "2 months before the start of a case"),
        ({"date": "response_deadline"}, "When the first answer to a case is due"),
        ({"date": "state", "delay": 2}, "When a case has been in its state for 2 days"),
        (
            {"date": "creation", "delay": 4, "unit": "hours", "calendar_id": 9},
            "4 working hours (Office) after a case was opened",
        ),
    ],
)
def test_A2_a_timed_trigger_reads_as_a_delay(trigger: dict[str, Any], expected: str) -> None:
    assert when_words(rule(trigger=trigger), NAMES) == expected


def test_A2_a_timed_rule_tells_the_state_it_asks_for() -> None:
    state = {"date": "state", "delay": 1, "unit": "hours"}
    came = {"state_from": "draft", "state_to": "open"}
    assert when_words(rule(trigger=state, criteria=came), NAMES) == (
        "When a case that came from draft has been open for 1 hour"
    )
    later = {"date": "deadline", "delay": 1}
    assert when_words(rule(trigger=later, criteria=came), NAMES) == (
        "1 day after the deadline of a case, while it is open and came from draft"
    )
    left = {"state_from": "open", "responsible_id": 3}
    assert words(trigger=later, criteria=left) == (
        "1 day after the deadline of a case, if it came from open and its responsible is "
        "Demo User, do nothing."
    )
    assert words(trigger=later, criteria={"tag": "vip"}) == (
        "1 day after the deadline of a case, if it is tagged “vip”, do nothing."
    )


def test_A1_every_criterion_is_told() -> None:
    criteria = Criteria(
        section_id=1,
        with_subsections=True,
        category_id=4,
        responsible_id=3,
        priority="high",
        partner_id=6,
        partner_category_id=99,
        kind="claim",
        subject_contains="fire",
        tag="vip",
        custom={"serial": "A1", "tester": 3, "weight": 2.5},
    )
    assert criteria_words(criteria, NAMES) == [
        "its section is Support or below it",
        "its category is Hardware / Printer",
        "its responsible is Demo User",
        "its priority is high",
        "its partner is Acme",
        "its partner is in number 99",
        "its kind is Claim",
        "its subject contains “fire”",
        "it is tagged “vip”",
        "its Serial number is “A1”",
        "its Tester is Demo User",
        "its weight is 2.5",
    ]
    assert len(criteria_words(criteria, NAMES)) == len(Criteria.model_fields) - 3 + 2


OFFICE = {"do": "set_deadline", "delay": 3, "calendar_id": 9}
ACTIONS: list[tuple[dict[str, Any], str]] = [
    ({"do": "set_state", "state": "done"}, "set state to done"),
    ({"do": "move_to_section", "section_id": 1}, "move it to Support"),
    ({"do": "assign", "to": "user", "user_id": 3}, "assign it to Demo User"),
    ({"do": "assign", "to": "manager"}, "assign it to its section's manager"),
    ({"do": "assign", "to": "stand_in"}, "assign it to the stand-in of an absent responsible"),
    ({"do": "assign", "to": "round_robin"}, "assign it to its section's members in turn"),
    (
        {"do": "assign", "to": "least_loaded"},
        "assign it to the member of its section with the fewest cases",
    ),
    ({"do": "set_category", "category_id": 4}, "set category to Hardware / Printer"),
    ({"do": "remind", "whom": "partner", "with_discussion": False}, "remind the partner by mail"),
    ({"do": "add_tags", "tags": ["vip", "late"]}, "tag it “vip”, “late”"),
    (
        {"do": "send_template", "whom": "watchers", "subject": "Hello", "text": "x"},
        "send the watchers “Hello”",
    ),
    ({"do": "send_template", "template_id": 8}, "send the partner the mail Welcome"),
    ({"do": "add_note", "text": "Call\nhim"}, "note “Call him”"),
    ({"do": "escalate"}, "escalate it to the section above"),
    (OFFICE, "make it due 3 working days (Office) after its opening"),
    (OFFICE | {"which": "response", "delay": 0}, "make the first answer due at its opening"),
    (OFFICE | {"since": "now", "calendar_id": None}, "make it due in 3 days"),
]


@pytest.mark.parametrize(("action", "expected"), ACTIONS)
def test_A3_every_action_is_told(action: dict[str, Any], expected: str) -> None:
    assert action_words(rule(actions=[action]).actions[0], NAMES) == expected
