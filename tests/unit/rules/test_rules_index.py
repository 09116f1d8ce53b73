"""Of thousands of rules only those that can be for a case are looked at (A10)."""

from __future__ import annotations

from typing import Any

import pytest
from unit.rules.rules_builders import DEMO, GOLD, book, moved, noted, rule, snapshot, updated

from services.contracts.cases import CaseEvent, Ref
from services.rules.model.transition import KnownCase

THOUSAND = range(1, 1001)
CASE = snapshot(
    subject="Order 77 is late",
    partner=Ref(id=77, name="Acme"),
    partner_categories=[GOLD],
    section=Ref(id=77, name="Support"),
    section_path=[77, 500],
    category=Ref(id=77, name="Fault"),
    responsible=DEMO.model_copy(update={"id": 77}),
    tags=["tag 77"],
    custom={"serial": "x-77", "pages": 77, "expert": {"id": 77, "name": "Eve"}},
)


def looked_at(event: CaseEvent, asked: Any, **trigger: Any) -> list[int]:
    """The ids of the rules that are judged, among a thousand that differ in one thing."""
    rules = [
        rule(id=n, criteria={"state_to": "open", **asked(n)}, trigger=trigger) for n in THOUSAND
    ]
    if trigger:
        waiting = book(*rules).for_waiting(KnownCase(event.data.case, "draft"))
        return [ready.rule.id for ready in waiting]
    return [ready.rule.id for ready in book(*rules).for_event(event.data)]


@pytest.mark.parametrize("trigger", [{}, {"date": "creation"}])
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (lambda n: {"partner_id": n}, [77]),
        (lambda n: {"section_id": n}, [77]),
        (lambda n: {"section_id": n, "with_subsections": True}, [77, 500]),
        (lambda n: {"category_id": n}, [77]),
        (lambda n: {"responsible_id": n, "priority": "normal"}, [77]),
        (lambda n: {"partner_category_id": n, "kind": "helpdesk"}, [GOLD]),
        (lambda n: {"tag": f"TAG {n}"}, [77]),
        (lambda n: {"custom": {"serial": f"X-{n}"}}, [77]),
        (lambda n: {"custom": {"pages": n}}, [77]),
        (lambda n: {"custom": {"expert": n}}, [77]),
        (lambda n: {"partner_id": 77, "custom": {"pages": float(n)}}, [77]),
        (lambda n: {"kind": f"kind_{n}"}, []),
    ],
)
def test_A10_rules_that_ask_for_something_else_are_not_looked_at(
    asked: Any, found: list[int], trigger: dict[str, Any]
) -> None:
    assert looked_at(moved("draft", CASE), asked, **trigger) == found


def test_A10_a_text_is_found_by_letters_that_few_rules_look_for() -> None:
    some = looked_at(moved("draft", CASE), lambda n: {"subject_contains": f"R {n} i"})
    assert 77 in some and len(some) < 20


def test_A10_on_a_note_only_rules_that_stay_in_the_state_are_looked_at() -> None:
    staying = looked_at(noted(CASE), lambda n: {"state_from": "open" if n < 4 else "any"})
    assert staying == [1, 2, 3]
    changed = updated(CASE, "priority")
    asked = lambda n: {"priority": "normal"} if n == 5 else {"kind": "helpdesk"}  # noqa: E731
    assert looked_at(changed, asked) == [5]
