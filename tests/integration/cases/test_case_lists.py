"""Lists of cases: filters, orders and pages (K1, K3, K9 and the lists of issue 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from services.cases import tables
from services.contracts.errors import InvalidRequest

if TYPE_CHECKING:
    from conftest import Desk

SORTS = ("newest", "oldest", "last_action", "deadline", "priority")


def opened(desk: Desk, state: str = "draft", **fields: Any) -> int:
    command = {"fields": {"subject": "A case", **fields}, "state": state}
    return int(desk.command("create_case", **command)["number"])


def numbers(found: list[dict[str, Any]]) -> list[int]:
    return [one["number"] for one in found]


def varied(desk: Desk) -> list[dict[str, Any]]:
    """Some cases with equal and different priorities and deadlines, in and out of order."""
    days = (None, "2026-12-03", "2026-12-01", None, "2026-12-01", "2026-12-02")
    priorities = ("normal", "high", "low", "high", "highest", "normal")
    for day, priority in zip(days, priorities, strict=True):
        deadline = f"{day}T12:00:00Z" if day else None
        opened(desk, priority=priority, deadline=deadline)
    for number in (102, 101):
        desk.command("change_case", number=number, version=1, fields={"subject": "Changed"})
    return desk.listed()


def expected(cases: list[dict[str, Any]], sort: str) -> list[int]:
    """The order worked out the plain way."""
    rank = ("highest", "high", "normal", "low", "lowest")
    keys: dict[str, Any] = {
        "newest": lambda c: -c["number"],
        "oldest": lambda c: c["number"],
        "deadline": lambda c: (
            (0, c["deadline"], c["number"]) if c["deadline"] else (1, "", -c["number"])
        ),
        "priority": lambda c: (rank.index(c["priority"]), -c["number"]),
    }
    if sort == "last_action":
        latest = sorted(cases, key=lambda c: (c["last_action_at"], c["number"]))
        return numbers(latest[::-1])
    return numbers(sorted(cases, key=keys[sort]))


@pytest.mark.parametrize("sort", SORTS)
def test_K1_each_order_pages_by_key_through_all_cases(desk: Desk, sort: str) -> None:
    whole = expected(varied(desk), sort)
    assert numbers(desk.listed(sort=sort)) == whole
    for limit in (1, 2, 4):
        paged: list[int] = []
        cursor = None
        while True:
            page = desk.page(sort=sort, limit=limit, cursor=cursor)
            paged += numbers(page["items"])
            cursor = page["next"]
            if cursor is None:
                break
        assert paged == whole


def test_K1_a_case_that_comes_meanwhile_moves_no_page(desk: Desk) -> None:
    for _ in range(4):
        opened(desk)
    page = desk.page(limit=2)
    opened(desk)
    assert numbers(desk.listed(limit=2, cursor=page["next"])) == [102, 101]


@pytest.mark.parametrize(
    "cursor", ["", "101", "????", "W10", "WyJuZXdlc3QiLDAsbnVsbCwiMTAxIl0", "é", "x" * 5000]
)
def test_K1_a_broken_cursor_says_what_to_do(desk: Desk, cursor: str) -> None:
    with pytest.raises(InvalidRequest, match="cursor: give the `next` of the page before"):
        desk.listed(cursor=cursor)


@pytest.mark.parametrize("sort", SORTS)
def test_K1_a_cursor_of_another_order_is_none(desk: Desk, sort: str) -> None:
    varied(desk)
    other = SORTS[SORTS.index(sort) - 1]
    cursor = desk.page(sort=other, limit=1)["next"]
    with pytest.raises(InvalidRequest) as caught:
        desk.listed(sort=sort, cursor=cursor)
    assert caught.value.field == "cursor"


def test_K4_a_section_counts_with_all_below_it(desk: Desk) -> None:
    below = desk.command("save_section", fields={"name": "Below", "parent_id": 1})["id"]
    lowest = desk.command("save_section", fields={"name": "Lowest", "parent_id": below})["id"]
    aside = desk.command("save_section", fields={"name": "Aside"})["id"]
    for section in (1, below, lowest, aside):
        opened(desk, section_id=section)
    assert numbers(desk.listed(section_id=1)) == [103, 102, 101]
    assert numbers(desk.listed(section_id=below, sort="oldest")) == [102, 103]
    assert numbers(desk.listed(section_id=aside)) == [104]


def test_K1_a_category_counts_with_all_below_it(desk: Desk) -> None:
    hardware = desk.command("save_category", name="Hardware")["id"]
    printers = desk.command("save_category", name="Printers", parent_id=hardware)["id"]
    for category in (hardware, printers, None):
        opened(desk, category_id=category)
    assert numbers(desk.listed(category_id=hardware)) == [102, 101]
    assert numbers(desk.listed(category_id=printers)) == [102]


def test_K1_lists_by_tag_state_responsible_and_nobody(desk: Desk) -> None:
    first = opened(desk, tags=["Paper  Jam"], responsible_id=desk.eve)
    second = opened(desk, state="open", tags=["paper jam", "urgent"])
    done = opened(desk, state="done", tags=["urgent"])
    assert numbers(desk.listed(tag=" PAPER jam ")) == [second, first]
    assert numbers(desk.listed(tag="urgent", state=["draft", "open", "pending"])) == [second]
    assert numbers(desk.listed(state=["draft", "open", "pending"])) == [second, first]
    assert numbers(desk.listed(state=["draft"])) == [first]
    assert numbers(desk.listed(state=["open", "done"])) == [done, second]
    assert numbers(desk.listed(nobody=True)) == [done, second]
    assert numbers(desk.listed(responsible_id=desk.eve)) == [first]
    assert desk.listed(tag="unheard of") == []


def test_K1_late_is_what_waits_behind_a_deadline(desk: Desk) -> None:
    past, future = "2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z"
    late = opened(desk, deadline=past)
    unanswered = opened(desk, response_deadline=past, deadline=future)
    opened(desk, deadline=future)
    opened(desk, state="done", deadline=past)
    opened(desk)
    assert numbers(desk.listed(late=True)) == [unanswered, late]


def test_K9_lists_by_custom_fields(desk: Desk) -> None:
    floor = {"code": "floor", "name": "Floor", "type": "number"}
    fields = [{"code": "room", "name": "Room"}, floor]
    desk.command("save_kind", code="task", name="Task", fields=fields)
    for room, on in (("North  Wing", 2), ("South", 2), ("North wing", 3)):
        opened(desk, kind="task", custom={"floor": on, "room": room})
    assert numbers(desk.listed(custom={"room": "north wing"})) == [103, 101]
    assert numbers(desk.listed(custom={"room": "north wing", "floor": "2.0"})) == [101]
    desk.command("change_case", number=101, version=1, fields={"custom": {"room": "South"}})
    assert numbers(desk.listed(custom={"room": "south"})) == [102, 101]
    assert desk.listed(custom={"room": "nor"}) == []


def test_a_merged_case_is_in_no_list_but_found_by_its_number(desk: Desk) -> None:
    first, merged = opened(desk, subject="Printer"), opened(desk, subject="Printer")
    t = tables.cases
    with desk.database.write() as connection:
        connection.execute(update(t).where(t.c.number == merged).values(merged_into=first))
    assert numbers(desk.listed()) == [first]
    assert numbers(desk.listed(q="printer")) == [first]
    assert numbers(desk.listed(q=f"[{merged}]")) == [merged]


@pytest.mark.parametrize("sort", SORTS)
def test_K1_what_is_asked_for_may_lie_far_behind(
    desk: Desk, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL looks through the first cases of the list before it asks an index."""
    monkeypatch.setattr("services.cases.lists_on_postgresql.NEAR", 2)
    below = desk.command("save_section", fields={"name": "Below", "parent_id": 1})["id"]
    aside = desk.command("save_section", fields={"name": "Aside"})["id"]
    varied(desk)
    for number in range(101, 107):
        fields = {"section_id": (1, below, aside)[number % 3]}
        version = desk.case(number).version
        desk.command("change_case", number=number, version=version, fields=fields)
    wanted = [one["number"] for one in desk.listed(sort=sort) if one["section"]["id"] != aside]
    first = desk.page(sort=sort, section_id=1, limit=2)
    rest = desk.page(sort=sort, section_id=1, limit=2, cursor=first["next"])
    assert numbers([*first["items"], *rest["items"]]) == wanted
