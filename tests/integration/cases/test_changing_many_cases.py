"""A selection of cases is changed at once, each on its own (issue 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.contracts.errors import InvalidRequest

if TYPE_CHECKING:
    from conftest import Desk


def opened(desk: Desk, state: str = "draft", **fields: Any) -> int:
    command = {"fields": {"subject": "A case", **fields}, "state": state}
    return int(desk.command("create_case", **command)["number"])


def test_K1_each_case_is_changed_and_told_on_its_own(desk: Desk) -> None:
    first, second = opened(desk), opened(desk, priority="high")
    done = opened(desk, state="done")
    desk.events()
    answer = desk.command(
        "change_cases",
        numbers=[first, second, done, 999, first],
        fields={"priority": "high"},
        state="pending",
    )
    assert (answer["changed"], answer["unchanged"]) == ([first, second], [])
    refused = {one["number"]: one["why"] for one in answer["refused"]}
    assert refused == {
        done: "a done case cannot become pending; it can become open",
        999: "there is no case 999",
    }
    assert desk.case(first).state == desk.case(second).state == "pending"
    assert (desk.case(done).state, desk.case(done).priority) == ("done", "normal")
    assert [event.case_id for event in desk.events()] == [first, second]


def test_K1_what_is_so_already_is_unchanged(desk: Desk) -> None:
    first, second = opened(desk, priority="high"), opened(desk)
    answer = desk.command("change_cases", numbers=[second, first], fields={"priority": "high"})
    assert (answer["changed"], answer["unchanged"]) == ([second], [first])
    assert desk.case(first).version == 1


def test_K1_tags_are_added_and_taken_away(desk: Desk) -> None:
    first, second = opened(desk, tags=["a", "b"]), opened(desk, tags=["c"])
    change = {"add_tags": ["New ", "c"], "remove_tags": ["B"]}
    desk.command("change_cases", numbers=[first, second], **change)
    assert desk.case(first).tags == ("a", "new", "c")
    assert desk.case(second).tags == ("c", "new")
    with pytest.raises(InvalidRequest) as caught:
        desk.command("change_cases", numbers=[first], add_tags=["x" * 51])
    assert caught.value.field == "add_tags"


def test_K1_a_merged_case_is_refused(desk: Desk) -> None:
    stays, gone = opened(desk), opened(desk)
    desk.command("merge_case", number=gone, version=1, into=stays)
    answer = desk.command("change_cases", numbers=[gone], fields={"priority": "high"})
    assert answer["refused"][0]["number"] == gone
    assert f"merged into case {stays}" in answer["refused"][0]["why"]


def test_K1_the_same_command_again_is_answered_the_same(desk: Desk) -> None:
    number = opened(desk)
    command = {"idempotency_key": "the same", "numbers": [number], "state": "open"}
    first = desk.command("change_cases", **command)
    assert desk.command("change_cases", **command) == first
    assert desk.case(number).version == 2


def test_K1_a_refused_case_leaves_nothing_behind(desk: Desk) -> None:
    number = opened(desk, state="done")
    desk.events()
    fields = {"subject": "Never seen", "responsible_id": desk.eve}
    desk.command("change_cases", numbers=[number], fields=fields, state="draft")
    assert desk.case(number).subject == "A case"
    assert desk.events() == []
    assert desk.listed(q="never seen") == []


@pytest.mark.parametrize("numbers", [[], list(range(501))])
def test_K1_a_selection_has_bounds(desk: Desk, numbers: list[int]) -> None:
    with pytest.raises(InvalidRequest) as caught:
        desk.command("change_cases", numbers=numbers)
    assert caught.value.field == "numbers"
