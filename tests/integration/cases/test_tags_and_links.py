"""Tags of a case, and links between cases (K1 and the links of issue 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from services.cases import side_tables, tables
from services.contracts.errors import InvalidRequest, NotFound

if TYPE_CHECKING:
    from conftest import Desk

ANN = "ann@blue.example"


def opened(desk: Desk, **fields: Any) -> int:
    return int(desk.command("create_case", fields={"subject": "A case", **fields})["number"])


def tags_in_lists(desk: Desk, number: int) -> set[str]:
    t = tables.case_tags
    with desk.database.read() as connection:
        return set(connection.scalars(select(t.c.tag).where(t.c.case_number == number)))


def test_K1_tags_are_kept_tidy_and_counted(desk: Desk) -> None:
    first = opened(desk, tags=["Paper  Jam ", "URGENT", "urgent"])
    opened(desk, tags=["urgent"])
    assert desk.case(first).tags == ("paper jam", "urgent")
    with desk.database.read() as connection:
        assert side_tables.list_tags(connection) == [
            {"tag": "urgent", "count": 2},
            {"tag": "paper jam", "count": 1},
        ]


def test_K1_tags_change_with_their_history_and_in_lists(desk: Desk) -> None:
    number = opened(desk, tags=["one", "two"])
    desk.command("change_case", number=number, version=1, fields={"tags": ["two", "three"]})
    assert tags_in_lists(desk, number) == {"two", "three"}
    (change,) = desk.case(number).history[-1].changes
    assert (change.field, change.before, change.after) == (
        "tags",
        ["one", "two"],
        ["two", "three"],
    )
    desk.command("change_case", number=number, version=2, fields={"tags": None})
    assert desk.case(number).tags == ()
    assert tags_in_lists(desk, number) == set()


@pytest.mark.parametrize(
    "tags", [["  "], ["x" * 51], ["a,b"], ["a\x00"], [f"tag {n}" for n in range(31)]]
)
def test_K1_tags_that_cannot_be_kept_are_named(desk: Desk, tags: list[str]) -> None:
    with pytest.raises(InvalidRequest) as caught:
        opened(desk, tags=tags)
    assert caught.value.field == "tags"


def test_K1_linked_cases_show_each_other_and_tell_it(desk: Desk) -> None:
    first, second = opened(desk, subject="First"), opened(desk, subject="Second")
    desk.events()
    desk.command("link_cases", number=second, other=first, relation="follows")
    (link,) = desk.case(second).links
    assert (link.number, link.relation, link.subject, link.state) == (
        first,
        "follows",
        "First",
        "draft",
    )
    assert desk.case(first).links[0].relation == "followed_by"
    (change,) = desk.case(first).history[-1].changes
    assert (change.field, change.before, change.after) == ("links", [], [f"followed_by {second}"])
    assert [event.case_id for event in desk.events()] == [second, first]


def test_K1_the_same_link_again_changes_nothing(desk: Desk) -> None:
    first, second = opened(desk), opened(desk)
    for number, other in ((first, second), (first, second), (second, first)):
        desk.command("link_cases", number=number, other=other)
    assert (desk.case(first).version, desk.case(second).version) == (2, 2)


def test_K1_unlinking_takes_all_links_between_two_cases_away(desk: Desk) -> None:
    first, second, third = opened(desk), opened(desk), opened(desk)
    for other in (second, third):
        desk.command("link_cases", number=first, other=other)
    desk.command("link_cases", number=first, other=second, relation="duplicate_of")
    desk.command("unlink_cases", number=second, other=first)
    assert desk.case(second).links == ()
    assert [link.number for link in desk.case(first).links] == [third]
    assert desk.case(first).history[-1].changes[0].after == [f"related {third}"]


def test_K1_a_case_is_linked_to_another_that_there_is(desk: Desk) -> None:
    number = opened(desk)
    with pytest.raises(InvalidRequest, match="other: give another case"):
        desk.command("link_cases", number=number, other=number)
    with pytest.raises(NotFound, match="no case 999"):
        desk.command("link_cases", number=number, other=999)
    assert desk.case(number).version == 1


def test_M7_a_case_opened_by_a_late_answer_follows_the_closed_one(desk: Desk) -> None:
    fields = {"reopen": "linked"}
    version = desk.section["version"]
    desk.command("save_section", id=1, version=version, fields=fields)
    closed = desk.new_case()
    case = desk.case(closed.number)
    desk.command("move_case", number=case.number, version=case.version, state="done")
    desk.mail(ANN, f"Re: [{case.number}] Printer is on fire", case_number=case.number)
    new = desk.case(desk.latest())
    assert new.number != case.number
    assert [(link.relation, link.number) for link in new.links] == [("follows", case.number)]
    assert desk.case(case.number).links[0].number == new.number
    assert desk.case(case.number).state == "done"
