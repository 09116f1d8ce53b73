"""Cases are asked for by the categories of their partner that they carry (R4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, insert, select

from services.cases import case_counts, tables
from services.cases.erasing import erase, find_person
from services.contracts.case_commands import CaseQuestion
from services.contracts.case_views import CountQuestion

if TYPE_CHECKING:
    from conftest import Desk

ANN = "ann@blue.example"


class Firm:
    """Blue is in Gold and in Local, Red in Silver, Grey in nothing; Gold lies under Contract."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.contract = self._category("Contract")
        self.gold = self._category("Gold", self.contract)
        self.silver = self._category("Silver", self.contract)
        self.local = self._category("Local")
        self.blue = self._partner("Blue", self.gold, self.local)
        self.red = self._partner("Red", self.silver)
        self.grey = self._partner("Grey")

    def _category(self, name: str, parent: int | None = None) -> int:
        saved = self.desk.command("save_partner_category", name=name, parent_id=parent)
        return int(saved["id"])

    def _partner(self, name: str, *categories: int) -> int:
        fields = {"name": name, "category_ids": list(categories)}
        return int(self.desk.command("save_partner", fields=fields)["id"])

    def opened(self, partner: int | None, state: str = "open", **fields: Any) -> int:
        given = {"subject": "Printer", "partner_id": partner, **fields}
        return int(self.desk.command("create_case", fields=given, state=state)["number"])

    def moved(self, partner: int, *categories: int) -> None:
        """The partner is in these categories from now on."""
        version = self.desk.directory("partner", partner)["version"]
        fields = {"category_ids": list(categories)}
        self.desk.command("save_partner", id=partner, version=version, fields=fields)

    def found(self, *categories: int, **question: Any) -> list[int]:
        """What the list shows, the oldest first; it counts as many."""
        asked = {"partner_category_id": categories, "sort": "oldest", **question}
        numbers = [case["number"] for case in self.desk.listed(**asked)]
        with self.desk.database.read() as connection:
            counts = CountQuestion(cases=CaseQuestion.model_validate(asked))
            assert case_counts.count_cases(connection, counts).total == len(numbers)
        return numbers

    def without(self, **question: Any) -> list[int]:
        """The cases that carry no category."""
        return self.found(no_partner_category=True, **question)

    def rows_of(self, number: int) -> set[int]:
        t = tables.case_partner_categories
        with self.desk.database.read() as connection:
            return set(connection.scalars(select(t.c.category_id).where(t.c.case_number == number)))


@pytest.fixture
def firm(desk: Desk) -> Firm:
    return Firm(desk)


def test_R4_a_category_finds_what_carries_it_or_one_below_it(firm: Firm) -> None:
    for partner in (firm.blue, firm.red, firm.grey, None):
        firm.opened(partner)
    assert firm.found(firm.contract) == [101, 102]
    assert firm.found(firm.gold) == firm.found(firm.local) == [101]
    assert firm.found(firm.silver) == [102]
    assert firm.found(4711) == []
    assert firm.without() == [103, 104]
    assert firm.without(partner_id=firm.grey) == [103]


def test_R4_of_several_categories_all_have_to_hold(firm: Firm) -> None:
    firm.opened(firm.blue)
    firm.opened(firm.red)
    firm.moved(firm.red, firm.gold)
    assert firm.found(firm.gold) == [101, 102]
    assert firm.found(firm.gold, firm.local) == firm.found(firm.local, firm.gold) == [101]
    assert firm.found(firm.gold, firm.contract) == [101, 102]
    assert firm.found(firm.gold, firm.silver) == []
    assert firm.without(partner_category_id=(firm.gold,)) == []


@pytest.mark.parametrize("sort", ["newest", "last_action", "deadline", "priority"])
def test_R4_a_category_goes_with_all_else_that_is_asked(firm: Firm, sort: str) -> None:
    tagged = firm.opened(firm.blue, tags=["urgent"], priority="high", responsible_id=firm.desk.bob)
    firm.opened(firm.blue, state="done")
    firm.opened(firm.red, tags=["urgent"])
    lone = firm.opened(None, tags=["urgent"])
    asked: dict[str, Any] = {"sort": sort, "tag": "urgent"}
    assert firm.found(firm.contract, firm.gold, **asked) == [tagged]
    assert firm.found(firm.gold, q="printer", asker_id=firm.desk.eve, **asked) == [tagged]
    assert firm.found(firm.gold, state=("done",), sort=sort) == [102]
    assert firm.found(firm.gold, created_from="2020-01-01T00:00:00Z", **asked) == [tagged]
    assert firm.found(firm.gold, q=f"[{tagged}]", sort=sort) == [tagged]
    assert firm.without(q="printer", **asked) == [lone]
    assert firm.without(created_from="2020-01-01T00:00:00Z", **asked) == [lone]


def test_R4_pages_of_a_category_go_on_by_their_cursor(firm: Firm) -> None:
    numbers = [firm.opened(firm.blue) for _ in range(5)]
    for asked in ({"partner_category_id": (firm.gold,)}, {"partner_category_id": (firm.gold, 1)}):
        first = firm.desk.page(limit=3, **asked)
        second = firm.desk.page(limit=3, cursor=first["next"], **asked)
        both = [case["number"] for case in (*first["items"], *second["items"])]
        assert (both, second["next"]) == (numbers[::-1], None)


def test_R4_unclosed_cases_follow_their_partner_and_closed_ones_keep_what_they_had(
    firm: Firm,
) -> None:
    firm.opened(firm.blue)
    firm.opened(firm.blue, state="done")
    firm.moved(firm.blue, firm.silver)
    assert firm.found(firm.silver) == [101]
    assert firm.found(firm.gold) == firm.found(firm.local) == [102]
    assert firm.found(firm.contract) == [101, 102]
    firm.moved(firm.blue)
    assert (firm.without(), firm.found(firm.contract)) == ([101], [102])


def test_R4_another_partner_brings_his_categories(firm: Firm) -> None:
    number = firm.opened(firm.blue)
    for partner, wanted in ((firm.red, {firm.contract, firm.silver}), (None, set())):
        version = firm.desk.case(number).version
        fields = {"partner_id": partner}
        firm.desk.command("change_case", number=number, version=version, fields=fields)
        assert firm.rows_of(number) == wanted == set(firm.desk.case(number).partner_categories)


def test_R4_a_merged_case_is_found_by_the_categories_of_the_other_only(firm: Firm) -> None:
    gone, stays = firm.opened(firm.blue), firm.opened(firm.red)
    firm.desk.command("merge_case", number=gone, version=1, into=stays)
    assert (firm.found(firm.gold), firm.found(firm.contract)) == ([], [stays])
    assert firm.rows_of(gone) == set()


def test_R4_a_split_case_is_found_as_the_one_it_came_from(firm: Firm) -> None:
    number = firm.opened(firm.blue, contact_address=ANN)
    firm.desk.command("add_message", number=number, kind="note", text="Another matter")
    split = firm.desk.command("split_case", number=number, version=2, message_number=1)["number"]
    assert firm.found(firm.gold) == [number, split]


def test_R4_the_cases_of_somebody_who_is_erased_stay_where_they_count(firm: Firm) -> None:
    version = firm.desk.directory("partner", firm.blue)["version"]
    contacts = [{"name": "Ann", "address": ANN}]
    firm.desk.command("save_partner", id=firm.blue, version=version, fields={"contacts": contacts})
    number = firm.opened(firm.blue, contact_address=ANN)
    with firm.desk.database.read() as connection:
        erasure = find_person(connection, ANN, "erased-1@erased.invalid")
    erase(firm.desk.transactions, erasure)
    assert firm.found(firm.gold) == [number]


def test_O2_rows_that_an_older_release_left_wrong_stand_in_no_way(firm: Firm) -> None:
    """It changes a case without knowing the table; the next change of the partner puts it right."""
    number = firm.opened(firm.blue)
    t = tables.case_partner_categories
    with firm.desk.database.write() as connection:
        connection.execute(delete(t).where(t.c.category_id == firm.gold))
        connection.execute(insert(t).values(category_id=firm.silver, case_number=number))
    firm.moved(firm.blue, firm.silver)
    assert firm.rows_of(number) == {firm.contract, firm.silver}
