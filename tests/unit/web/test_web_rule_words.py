"""Rules in sentences that people read."""

from __future__ import annotations

from typing import Any

import pytest

from services.contracts.rules import Criteria, Rule
from services.web.pages.rule_words import Names, action_words, criteria_words, when_words

NAMES = Names(
    sections={1: "Support"},
    users={3: "Demo User"},
    categories={4: "Hardware / Printer"},
    partner_categories={5: "Support Contract / Gold"},
    kinds={"claim": "Claim"},
    partners={6: "Acme"},
)


def rule(**fields: Any) -> Rule:
    return Rule.model_validate({"id": 1, "name": "x", **fields})


def test_A5_copy_to_an_expert_reads_as_it_was_meant() -> None:
    expert = rule(
        criteria={"state_from": "open", "state_to": "open", "responsible_id": 3},
        trigger={"date": "creation", "delay": 2, "unit": "days"},
        actions=[{"do": "add_watchers", "addresses": ["expert@x.org"]}, {"do": "remind"}],
    )
    assert when_words(expert) == "2 days after creation, while Open"
    assert criteria_words(expert.criteria, NAMES) == ["responsible is Demo User"]
    assert [action_words(action, NAMES) for action in expert.actions] == [
        "copy to expert@x.org, who may answer",
        "remind the responsible by mail with the discussion",
    ]


def test_A6_priority_to_gold_partners_reads_as_it_was_meant() -> None:
    gold = rule(
        criteria={"state_to": "open", "partner_category_id": 5},
        actions=[{"do": "set_priority", "priority": "high"}],
    )
    assert when_words(gold) == "When a case becomes Open"
    assert criteria_words(gold.criteria, NAMES) == ["partner is in Support Contract / Gold"]
    assert action_words(gold.actions[0], NAMES) == "set the priority to High"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("any", "any", "Whenever a case is opened or changed"),
        ("none", "any", "When a case is opened"),
        ("none", "draft", "When a case is opened as Draft"),
        ("open", "any", "When a case leaves Open"),
        ("done", "open", "When a case goes from Done to Open"),
        ("open", "open", "When a case changes and stays Open"),
    ],
)
def test_A1_states_before_and_after_read_as_a_moment(before: str, after: str, words: str) -> None:
    assert when_words(rule(criteria={"state_from": before, "state_to": after})) == words


@pytest.mark.parametrize(
    ("trigger", "words"),
    [
        ({"date": "deadline", "delay": -1, "unit": "hours"}, "1 hour before the deadline"),
        ({"date": "last_action", "delay": 3, "unit": "days"}, "3 days after last action"),
        ({"date": "deadline"}, "At the deadline"),
    ],
)
def test_A2_a_timed_trigger_reads_as_a_delay(trigger: dict[str, Any], words: str) -> None:
    assert when_words(rule(trigger=trigger)) == words


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
    )
    assert criteria_words(criteria, NAMES) == [
        "section is Support or below it",
        "category is Hardware / Printer",
        "responsible is Demo User",
        "priority is High",
        "partner is Acme",
        "partner is in number 99",
        "kind is Claim",
        "subject contains “fire”",
    ]


ACTIONS: list[tuple[dict[str, Any], str]] = [
    ({"do": "set_state", "state": "done"}, "set the state to Done"),
    ({"do": "move_to_section", "section_id": 1}, "move to section Support"),
    ({"do": "assign", "to": "user", "user_id": 3}, "assign to Demo User"),
    ({"do": "assign", "to": "manager"}, "assign to the section's manager"),
    ({"do": "assign", "to": "stand_in"}, "assign to the stand-in of an absent responsible"),
    ({"do": "assign", "to": "round_robin"}, "assign to the section's members in turn"),
    ({"do": "assign", "to": "least_loaded"}, "assign to the member with the fewest cases"),
    ({"do": "set_category", "category_id": 4}, "set the category to Hardware / Printer"),
    ({"do": "remind", "whom": "partner", "with_discussion": False}, "remind the partner by mail"),
    (
        {"do": "send_template", "whom": "watchers", "subject": "Hello", "text": "x"},
        "send “Hello” to the watchers",
    ),
    ({"do": "add_note", "text": "x"}, "add a note"),
    ({"do": "escalate"}, "escalate to the section above"),
]


@pytest.mark.parametrize(("action", "words"), ACTIONS)
def test_A3_every_action_is_told(action: dict[str, Any], words: str) -> None:
    assert action_words(rule(actions=[action]).actions[0], NAMES) == words
