"""A supplier's grade puts him into its partner category, and rules hear of it (R5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.contracts.directory import PartnerChanged
from services.contracts.grades import PartnerGraded, PartnerGradedData
from services.runtime.clock import now
from services.runtime.identity import new_id

if TYPE_CHECKING:
    from conftest import Desk

WHY = "3 cases, where Good allows 2"


def categories(desk: Desk, *names: str) -> list[int]:
    return [desk.command("save_partner_category", name=name)["id"] for name in names]


def graded(partner_id: int, category_id: int, *leave: int) -> PartnerGraded:
    data = PartnerGradedData(
        partner_id=partner_id,
        category_id=category_id,
        leave_ids=leave,
        grading_id=1,
        grading="Quality",
        reason=WHY,
    )
    return PartnerGraded(id=new_id(), occurred_at=now(), data=data)


def supplier(desk: Desk, *category_ids: int) -> int:
    contacts = [{"name": "Ann", "address": "ann@blue.example"}]
    fields: dict[str, Any] = {"name": "Blue", "contacts": contacts, "category_ids": category_ids}
    return int(desk.command("save_partner", fields=fields)["id"])


def test_R5_a_graded_supplier_is_in_one_category_of_the_grading(desk: Desk) -> None:
    good, poor, gold = categories(desk, "Good", "Poor", "Golden")
    partner = supplier(desk, good, gold)
    case = desk.new_case()
    desk.events()
    desk.take(graded(partner, poor, good))
    assert desk.directory("partner", partner)["category_ids"] == [gold, poor]
    (entry, _) = desk.directory_history("partner", partner)
    assert entry.actor_id is None
    assert entry.actor_name == f"Casewire, grading “Quality”: {WHY}"
    (told,) = [one for one in desk.events() if isinstance(one, PartnerChanged)]
    assert told.data.category_ids == (gold, poor)
    assert told.actor.kind == "system"
    assert set(desk.case(case.number).partner_categories) == {gold, poor}


def test_R5_the_same_grade_again_changes_nothing(desk: Desk) -> None:
    good, poor = categories(desk, "Good", "Poor")
    partner = supplier(desk, good)
    message = graded(partner, poor, good)
    desk.take(message)
    before = desk.directory("partner", partner)
    desk.events()
    desk.take(message)
    desk.take(graded(partner, poor, good))
    assert desk.directory("partner", partner) == before
    assert desk.events() == []


def test_R5_a_partner_or_category_that_there_is_not_is_let_go(desk: Desk) -> None:
    (good,) = categories(desk, "Good")
    partner = supplier(desk, good)
    desk.events()
    desk.take(graded(4711, good))
    desk.take(graded(partner, 4711, good))
    assert desk.directory("partner", partner)["category_ids"] == [good]
    assert desk.events() == []
