"""Trees of categories: what moves in them, and the cases and partners that follow (K6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.contracts.cases import CaseUpdated
from services.contracts.directory import CategoryChanged, PartnerChanged
from services.contracts.errors import InvalidRequest, StaleVersion

if TYPE_CHECKING:
    from conftest import Desk


def category(desk: Desk, name: str, parent: int | None = None, **more: Any) -> dict[str, Any]:
    return desk.command("save_category", name=name, parent_id=parent, **more)


def partner_category(desk: Desk, name: str, parent: int | None = None, **more: Any) -> int:
    saved = desk.command("save_partner_category", name=name, parent_id=parent, **more)
    return int(saved["id"])


def case_in(desk: Desk, category_id: int, **more: Any) -> int:
    fields = {"subject": "A case", "category_id": category_id}
    return int(desk.command("create_case", fields=fields, **more)["number"])


def test_K6_a_category_that_moves_is_told_with_all_below_it(desk: Desk) -> None:
    hardware, printers = category(desk, "Hardware"), category(desk, "Printers")
    laser = category(desk, "Laser", printers["id"])
    aside = category(desk, "Aside")
    desk.events()
    moved = category(desk, "Printers", hardware["id"], id=printers["id"], version=1)
    assert (moved["path"], moved["version"]) == ("Hardware / Printers", 2)
    told = [event.data for event in desk.events() if isinstance(event, CategoryChanged)]
    assert [(one.id, one.path, one.version, one.tree) for one in told] == [
        (printers["id"], "Hardware / Printers", 2, "category"),
        (laser["id"], "Hardware / Printers / Laser", 2, "category"),
    ]
    (entry, _) = desk.directory_history("category", laser["id"])
    (change,) = entry.changes
    paths = ("Printers / Laser", "Hardware / Printers / Laser")
    assert (change.field, change.before, change.after) == ("path", *paths)
    assert len(desk.directory_history("category", aside["id"])) == 1


def test_K6_a_category_is_checked_for_its_version_where_one_is_given(desk: Desk) -> None:
    first = category(desk, "Hardware")
    category(desk, "Machines", id=first["id"], version=1)
    with pytest.raises(StaleVersion):
        category(desk, "Devices", id=first["id"], version=1)
    assert category(desk, "Devices", id=first["id"])["version"] == 3


def test_K6_saving_the_same_category_changes_nothing(desk: Desk) -> None:
    first = category(desk, "Hardware")
    desk.events()
    assert category(desk, " Hardware ", id=first["id"], version=1) == first
    assert desk.events() == []
    assert len(desk.directory_history("category", first["id"])) == 1


def test_K6_a_tree_with_a_ring_is_refused(desk: Desk) -> None:
    top = category(desk, "Top")
    middle = category(desk, "Middle", top["id"])
    low = category(desk, "Low", middle["id"])
    for below in (top, middle, low):
        with pytest.raises(InvalidRequest, match=r"parent_id: .*choose another place"):
            category(desk, "Top", below["id"], id=top["id"])
    with pytest.raises(InvalidRequest, match="parent_id: there is no category 4711"):
        category(desk, "Top", 4711, id=top["id"])


def test_K6_unclosed_cases_carry_the_new_path_of_their_category(desk: Desk) -> None:
    hardware = category(desk, "Hardware")
    laser = category(desk, "Laser", hardware["id"])
    open_case, closed_case = case_in(desk, laser["id"]), case_in(desk, laser["id"], state="done")
    before = desk.case(open_case)
    desk.events()
    category(desk, "Machines", id=hardware["id"])
    after = desk.case(open_case)
    assert after.category is not None and after.category.name == "Machines / Laser"
    assert after.last_action_at == before.last_action_at
    entry = after.history[-1]
    assert (entry.actor_kind, [change.field for change in entry.changes]) == (
        "system",
        ["category"],
    )
    assert entry.reason == "Administrator changed the category Machines"
    told = [event for event in desk.events() if isinstance(event, CaseUpdated)]
    assert [event.case_id for event in told] == [open_case]
    closed = desk.case(closed_case).category
    assert closed is not None and closed.name == "Hardware / Laser"


def test_K6_retiring_a_category_leaves_its_cases_alone_and_takes_no_new_ones(desk: Desk) -> None:
    hardware = category(desk, "Hardware")
    number = case_in(desk, hardware["id"])
    retired = category(desk, "Hardware", id=hardware["id"], active=False)
    assert (retired["active"], retired["version"]) == (False, 2)
    assert desk.case(number).version == 1
    with pytest.raises(InvalidRequest, match="category_id: Hardware is not active any more"):
        case_in(desk, hardware["id"])
    fields = {"category_id": hardware["id"], "priority": "high"}
    after = desk.command("change_case", number=number, version=1, fields=fields)
    assert after["priority"] == "high"


def test_A6_a_partner_category_that_moves_changes_the_partners_cases(desk: Desk) -> None:
    contract, gold = partner_category(desk, "Support Contract"), partner_category(desk, "Gold")
    star = partner_category(desk, "Star", gold)
    other = partner_category(desk, "Other")
    blue = desk.command("save_partner", fields={"name": "Blue", "category_ids": [star]})
    red = desk.command("save_partner", fields={"name": "Red", "category_ids": [other]})
    numbers = [
        desk.command("create_case", fields={"subject": "A case", "partner_id": one["id"]})["number"]
        for one in (blue, red)
    ]
    desk.events()
    partner_category(desk, "Gold", contract, id=gold)
    events = desk.events()
    path = (contract, gold, star)
    (told,) = [event.data for event in events if isinstance(event, PartnerChanged)]
    assert (told.id, told.version, told.category_path_ids) == (blue["id"], 1, path)
    assert desk.directory("partner", blue["id"])["category_path_ids"] == list(path)
    (updated,) = [event for event in events if isinstance(event, CaseUpdated)]
    assert (updated.case_id, updated.data.case.partner_categories) == (numbers[0], path)
    assert [change.field for change in updated.data.changes] == ["partner_categories"]
    assert desk.case(numbers[1]).version == 1


def test_K6_a_new_name_of_a_partner_category_concerns_no_case(desk: Desk) -> None:
    gold = partner_category(desk, "Gold")
    blue = desk.command("save_partner", fields={"name": "Blue", "category_ids": [gold]})
    fields = {"subject": "A case", "partner_id": blue["id"]}
    number = desk.command("create_case", fields=fields)["number"]
    partner_category(desk, "Golden", id=gold)
    assert desk.case(number).version == 1
