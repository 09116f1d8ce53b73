"""Corrective and preventive actions on a case (K7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.cases.quality_actions import list_actions
from services.contracts.cases import CaseUpdated
from services.contracts.errors import InvalidRequest, NotFound, StaleVersion

if TYPE_CHECKING:
    from conftest import Desk


def opened(desk: Desk, subject: str = "Rust") -> int:
    fields = {"subject": subject, "kind": "quality"}
    return int(desk.command("create_case", fields=fields)["number"])


def plan(desk: Desk, number: int, text: str = "Change the seal", **fields: Any) -> dict[str, Any]:
    return desk.command("save_quality_action", number=number, fields={"text": text, **fields})


def change(desk: Desk, number: int, action: dict[str, Any], **fields: Any) -> dict[str, Any]:
    which = {"id": action["id"], "version": action["version"]}
    return desk.command("save_quality_action", number=number, fields=fields, **which)


def listed(desk: Desk, **asked: Any) -> dict[str, Any]:
    given = {"owner_id": None, "done": False, "cursor": None, "limit": 50, **asked}
    with desk.database.read() as connection:
        return list_actions(connection, **given)


def test_K7_an_action_is_planned_and_done_and_the_history_tells_both(desk: Desk) -> None:
    number = opened(desk)
    desk.events()
    plan(desk, number, " Train the staff ", type="preventive")
    action = plan(desk, number, owner_id=desk.eve, due="2026-12-01")
    assert (action["owner_name"], action["due"], action["done_at"]) == (
        "Eve Expert",
        "2026-12-01",
        None,
    )
    done = change(desk, number, action, done=True)
    case = desk.case(number)
    assert [one.text for one in case.quality_actions] == ["Train the staff", "Change the seal"]
    assert case.quality_actions[1].model_dump(mode="json") == done
    assert (done["version"], case.quality_actions[1].done_at) == (2, case.last_action_at)
    events = desk.events()
    assert [(type(event), event.version) for event in events] == [
        (CaseUpdated, 2),
        (CaseUpdated, 3),
        (CaseUpdated, 4),
    ]
    first, second, third = (entry.changes for entry in case.history[1:])
    assert first[0].before == [] and len(second[0].after) == 2
    assert second[0].after == third[0].before, "each begins with what the one before ended with"
    assert third[0].after[1]["done_at"] is not None and third[0].field == "quality_actions"
    again = change(desk, number, done, done=False)
    assert again["done_at"] is None


def test_K7_saving_without_a_difference_changes_nothing(desk: Desk) -> None:
    number = opened(desk)
    action = change(desk, number, plan(desk, number), done=True)
    version = desk.case(number).version
    assert change(desk, number, action, done=True, text="Change the seal") == action
    assert desk.case(number).version == version


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": None}, "text"),
        ({"type": "other"}, "type"),
        ({"owner_id": 999}, "owner_id"),
        ({"due": "soon"}, "due"),
        ({"due": "0001-01-01"}, "due"),
        ({"colour": "red"}, "colour"),
        ({"done_at": "2026-01-01T00:00:00Z"}, "done_at"),
    ],
)
def test_K7_what_cannot_be_is_refused_with_its_field(
    desk: Desk, fields: dict[str, Any], field: str
) -> None:
    number = opened(desk)
    with pytest.raises(InvalidRequest) as refused:
        desk.command("save_quality_action", number=number, fields={"text": "x", **fields})
    assert refused.value.field == field
    with pytest.raises(InvalidRequest) as without:
        desk.command("save_quality_action", number=number, fields={})
    assert without.value.field == "text"


def test_K7_an_owner_must_be_active_when_he_gets_it_and_keeps_it_when_he_leaves(
    desk: Desk,
) -> None:
    number = opened(desk)
    action = plan(desk, number, owner_id=desk.eve)
    desk.command("save_user", id=desk.eve, version=1, fields={"active": False})
    action = change(desk, number, action, text="Change both seals", owner_id=desk.eve)
    assert action["owner_name"] == "Eve Expert"
    with pytest.raises(InvalidRequest, match="active user"):
        plan(desk, number, owner_id=desk.eve)


def test_K7_a_stale_version_and_an_action_of_another_case_are_told(desk: Desk) -> None:
    number, other = opened(desk), opened(desk)
    action = plan(desk, number)
    change(desk, number, action, due="2026-12-01")
    with pytest.raises(StaleVersion):
        change(desk, number, action, due="2026-12-02")
    with pytest.raises(NotFound):
        change(desk, other, action, done=True)
    with pytest.raises(InvalidRequest, match="version"):
        desk.command("save_quality_action", number=number, id=action["id"], fields={})


def test_K7_a_case_with_an_open_action_may_be_closed_and_the_action_done_later(desk: Desk) -> None:
    number = opened(desk)
    action = plan(desk, number)
    desk.command("move_case", number=number, version=2, state="done")
    change(desk, number, action, done=True)
    case = desk.case(number)
    assert case.state == "done" and case.quality_actions[0].done_at is not None


def test_K7_what_is_due_is_listed_over_all_cases_page_by_page(desk: Desk) -> None:
    rust, crack = opened(desk, "Rust"), opened(desk, "Crack")
    some_day = plan(desk, rust, "Some day")
    late = plan(desk, rust, "Late", due="2026-12-24", owner_id=desk.eve)
    soon = plan(desk, crack, "Soon", due="2026-12-01", owner_id=desk.bob)
    same_day = plan(desk, rust, "The same day", due="2026-12-01", owner_id=desk.eve)
    other_day = plan(desk, crack, "Some other day", owner_id=desk.eve)
    done = change(desk, crack, plan(desk, crack, "Done", due="2026-11-01"), done=True)
    expected = [one["id"] for one in (soon, same_day, late, some_day, other_day)]
    for limit in (1, 2, 3, 5):
        found, cursor = [], None
        while True:
            page = listed(desk, cursor=cursor, limit=limit)
            found += [one["id"] for one in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert found == expected
    first = listed(desk)["items"][0]
    assert (first["case_number"], first["case_subject"]) == (crack, "Crack")
    assert first["owner_name"] == "Bob Builder"
    mine = [one["text"] for one in listed(desk, owner_id=desk.eve)["items"]]
    assert mine == ["The same day", "Late", "Some other day"]
    assert [one["id"] for one in listed(desk, done=True)["items"]] == [done["id"]]
    with pytest.raises(InvalidRequest, match="cursor"):
        listed(desk, cursor="later")
