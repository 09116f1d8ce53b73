"""Each criterion holds for its cases only, and says so in words (A1)."""

from __future__ import annotations

from typing import Any

import pytest
from unit.rules.rules_builders import (
    ACME,
    CONTRACT,
    DEMO,
    GOLD,
    NAMES,
    book,
    created,
    event,
    moved,
    rule,
    snapshot,
    updated,
)

from services.contracts.cases import CaseEvent, CaseUpdated, Change, Ref
from services.rules.model.engine import judge
from services.rules.model.rulebook import ready

LEVEL_1 = Ref(id=4, name="Level 1")


@pytest.mark.parametrize(
    ("criteria", "case", "words"),
    [
        ({"section_id": 4}, {"section": LEVEL_1}, "its section is Level 1"),
        (
            {"section_id": 1, "with_subsections": True},
            {"section": LEVEL_1, "section_path": [4, 1]},
            "its section Level 1 lies within Support",
        ),
        ({"category_id": 7}, {"category": Ref(id=7, name="Fault / Print")}, "Fault / Print"),
        ({"responsible_id": DEMO.id}, {"responsible": DEMO}, "its responsible is Demo User"),
        ({"priority": "high"}, {"priority": "high"}, "its priority is high"),
        ({"partner_id": ACME.id}, {"partner": ACME}, "its partner is Acme"),
        (
            {"partner_category_id": GOLD},
            {"partner": ACME, "partner_categories": [CONTRACT, GOLD]},
            "its partner Acme is in category Support Contract / Gold",
        ),
        ({"kind": "claim"}, {"kind": "claim"}, "it is a case of kind claim"),
        (
            {"subject_contains": "STRASSE"},
            {"subject": "Die Straße brennt"},
            "its subject contains “STRASSE”",
        ),
        ({"tag": "VIP"}, {"tags": ["urgent", "vip"]}, "it has the tag vip"),
        (
            {"custom": {"serial_no": "x-1"}},
            {"custom": {"serial_no": "X-1"}},
            "its serial no is X-1",
        ),
        ({"custom": {"pages": 12}}, {"custom": {"pages": 12.0}}, "its pages is 12.0"),
        ({"custom": {"pages": 12.5}}, {"custom": {"pages": "12.50"}}, "its pages is 12.50"),
        ({"custom": {"pages": "12"}}, {"custom": {"pages": 12}}, "its pages is 12"),
        (
            {"custom": {"bought": "2026-11-25"}},
            {"custom": {"bought": "2026-11-25"}},
            "its bought is 2026-11-25",
        ),
        (
            {"custom": {"expert": 3}},
            {"custom": {"expert": {"id": 3, "name": "Eve"}}},
            "its expert is Eve",
        ),
    ],
)
def test_A1_a_criterion_holds_and_says_so(
    criteria: dict[str, Any], case: dict[str, Any], words: str
) -> None:
    prepared = ready(rule(criteria=criteria))
    assert prepared.holds(snapshot(**case))
    assert words in prepared.words(snapshot(**case), NAMES)[0]
    assert not prepared.holds(snapshot())


def test_A1_a_section_means_its_subsections_only_when_asked() -> None:
    case = snapshot(section=LEVEL_1, section_path=[4, 1])
    assert not ready(rule(criteria={"section_id": 1})).holds(case)


def test_A1_a_partner_category_counts_for_its_descendants() -> None:
    case = snapshot(partner=ACME, partner_categories=[CONTRACT, GOLD])
    prepared = ready(rule(criteria={"partner_category_id": CONTRACT}))
    assert prepared.holds(case)
    assert prepared.words(case, {}) == (f"its partner Acme is in category #{CONTRACT}",)


def test_A1_all_criteria_given_must_hold() -> None:
    prepared = ready(rule(criteria={"priority": "high", "kind": "claim"}))
    assert not prepared.holds(snapshot(priority="high"))
    assert not prepared.holds(snapshot(kind="claim"))
    assert prepared.holds(snapshot(kind="claim", priority="high"))


def test_A1_each_custom_field_that_is_named_must_be_as_wanted() -> None:
    prepared = ready(rule(criteria={"custom": {"serial": "X", "expert": 3}}))
    eve = {"id": 3, "name": "Eve"}
    assert prepared.holds(snapshot(custom={"serial": "x", "expert": eve}))
    assert not prepared.holds(snapshot(custom={"serial": "x"}))
    assert not prepared.holds(snapshot(custom={"serial": "y", "expert": eve}))
    assert not prepared.holds(snapshot(custom={"serial": "x", "expert": {"id": 4, "name": "Bob"}}))


def test_A1_the_text_12_is_not_the_text_12_and_a_half() -> None:
    assert not ready(rule(criteria={"custom": {"pages": "12"}})).holds(
        snapshot(custom={"pages": "12.0"})
    )


def test_A10_another_custom_field_that_changes_makes_nothing_true() -> None:
    rules = book(rule(criteria={"custom": {"serial": "X"}}))
    case = snapshot(custom={"serial": "X", "pages": 3})

    def changed(before: dict[str, Any]) -> CaseEvent:
        change = Change(field="custom", before=before, after=case.custom)
        return event(CaseUpdated, case, case.state, changes=(change,))

    assert judge(changed({"serial": "X", "pages": 2}), rules).fires == []
    assert len(judge(changed({"pages": 3}), rules).fires) == 1
    assert len(judge(changed({"serial": "Y", "pages": 3}), rules).fires) == 1


def test_A1_a_merged_case_is_judged_by_no_rule() -> None:
    rules = book(rule(), rule(id=2, criteria={"state_to": "cancelled"}))
    merged = snapshot(state="cancelled", merged_into=7)
    assert len(judge(moved("open", merged.model_copy(update={"merged_into": None})), rules).fires)
    assert judge(moved("open", merged), rules).fires == []


AS_DRAFT = created(snapshot(state="draft"))
AS_OPEN = created(snapshot())
OPENED = moved("draft", snapshot())
CLOSED = moved("open", snapshot(state="done"))
MADE_HIGH = updated(snapshot(priority="high"), "priority")


@pytest.mark.parametrize(
    ("state_from", "state_to", "for_it"),
    [
        ("any", "any", [AS_DRAFT, AS_OPEN, OPENED, CLOSED]),
        ("none", "any", [AS_DRAFT, AS_OPEN]),
        ("none", "draft", [AS_DRAFT]),
        ("any", "open", [AS_OPEN, OPENED]),
        ("draft", "open", [OPENED]),
        ("open", "any", [CLOSED]),
        ("open", "open", [MADE_HIGH]),
        ("pending", "open", []),
    ],
)
def test_A1_any_holds_for_every_state_and_none_only_for_a_new_case(
    state_from: str, state_to: str, for_it: list[CaseEvent]
) -> None:
    rules = book(rule(criteria={"state_from": state_from, "state_to": state_to}))
    events = [AS_DRAFT, AS_OPEN, OPENED, CLOSED, MADE_HIGH]
    assert [event for event in events if judge(event, rules).fires] == for_it


def test_A4_the_change_of_state_is_part_of_why() -> None:
    rules = book(rule(criteria={"state_to": "open"}))
    assert judge(AS_OPEN, rules).fires[0].why == ("it was created as open",)
    assert judge(OPENED, rules).fires[0].why == ("it went from draft to open",)
