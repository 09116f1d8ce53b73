"""Board, counts, groups and neighbours of a list, against a plain recomputation (C4)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import TYPE_CHECKING, Any, get_args

import pytest
from sqlalchemy import update

from services.cases import case_board, case_counts, case_groups, case_neighbours, tables
from services.cases.model.states import MOVES
from services.contracts import case_views
from services.contracts.case_commands import CaseQuestion, Sort
from services.contracts.case_views import (
    Board,
    BoardQuestion,
    CaseCounts,
    CountQuestion,
    Cut,
    GroupQuestion,
    Neighbours,
    narrowed,
)
from services.contracts.errors import NotFound

if TYPE_CHECKING:
    from conftest import Desk

STATES = ("draft", "open", "pending", "done", "cancelled")
PRIORITIES = ("lowest", "low", "normal", "high", "highest")
CUTS: tuple[Cut, ...] = get_args(Cut)
Json = dict[str, Any]


class Office:
    """Sixty cases at random; Eve sees only the section North and what lies below it."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, random = desk, Random(seed)
        save = desk.command
        self.north = save("save_section", fields={"name": "North", "member_ids": [desk.eve]})["id"]
        self.far = save("save_section", fields={"name": "Far", "parent_id": self.north})["id"]
        eve = desk.directory("user", desk.eve)
        save("save_user", id=desk.eve, version=eve["version"], fields={"sees": "sections"})
        self.partners = [save("save_partner", fields={"name": f"P{n}"})["id"] for n in range(3)]
        self.top = save("save_category", name="Hardware")["id"]
        self.below = save("save_category", name="Printers", parent_id=self.top)["id"]
        for _ in range(60):
            self._case(random)
        months = ("2026-09", "2026-10", "2026-11")
        self.month = {number: random.choice(months) for number in range(101, 161)}
        t = tables.cases
        with desk.database.write() as connection:
            for number, month in self.month.items():
                its = update(t).where(t.c.number == number)
                connection.execute(its.values(created_month=month))

    def _case(self, random: Random) -> None:
        desk = self.desk
        fields = {
            "subject": random.choice(("Printer on fire", "Belt torn", "Printer without ink")),
            "section_id": random.choice((None, 1, self.north, self.far)),
            "responsible_id": random.choice((None, desk.eve, desk.bob)),
            "partner_id": random.choice((None, *self.partners)),
            "category_id": random.choice((None, self.top, self.below)),
            "priority": random.choice(PRIORITIES),
            "kind": random.choice(("helpdesk", "claim")),
            "tags": random.choice(([], ["urgent"])),
            "deadline": random.choice((None, "2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z")),
        }
        desk.command("create_case", fields=fields, state=random.choice(STATES))

    def every(self, question: Json) -> list[Json]:
        """All cases of the question, by the list."""
        return self.desk.listed(**question, limit=200)

    def key(self, case: Json, cut: Cut) -> str:
        if cut == "month":
            return self.month[case["number"]]
        value = case[cut]
        return str(value["id"]) if isinstance(value, dict) else value or ""

    def counts(self, question: Json, by: Cut, then: Cut | None = None) -> CaseCounts:
        asked = CountQuestion(cases=CaseQuestion(**question), by=by, then=then)
        with self.desk.database.read() as connection:
            return case_counts.count_cases(connection, asked)

    def board(self, question: Json, **more: Any) -> Board:
        asked = BoardQuestion(cases=CaseQuestion(**question), **more)
        with self.desk.database.read() as connection:
            return case_board.get_board(connection, asked)

    def neighbours(self, number: int, **question: Any) -> Neighbours:
        with self.desk.database.read() as connection:
            asked = CaseQuestion(**question)
            return case_neighbours.find_neighbours(connection, asked, number)

    def questions(self) -> list[Json]:
        desk = self.desk
        return [
            {},
            {"asker_id": desk.eve},
            {"asker_id": desk.eve, "q": "printer", "state": ("open", "done")},
            {"section_id": self.north, "exact": ("section",)},
            {"section_id": self.north, "category_id": self.top, "without": ("partner",)},
            {"nobody": True, "priority": "high"},
            {"late": True, "tag": "urgent"},
            {"q": "printer fire", "kind": "claim"},
            {"created_month": "2026-10", "responsible_id": desk.bob},
            {"q": "[120]"},
            {"q": "!!"},
        ]


@pytest.fixture
def office(desk: Desk) -> Office:
    return Office(desk, seed=5)


def test_C4_counts_are_those_of_the_list_and_each_group_lists_its_cases(office: Office) -> None:
    for question in office.questions():
        cases = office.every(question)
        for by in CUTS:
            expected = Counter(office.key(case, by) for case in cases)
            found = office.counts(question, by)
            assert {one.key: one.count for one in found.groups} == expected, (question, by)
            assert (found.total, found.others, found.bounded) == (len(cases), 0, False)
            for key, count in expected.items():
                group = narrowed(CaseQuestion(**question, limit=200), by, key)
                numbers = {case["number"] for case in office.desk.listed(**dict(group))}
                mine = {case["number"] for case in cases if office.key(case, by) == key}
                assert numbers == mine and len(mine) == count, (question, by, key)


def test_C4_two_cuts_at_once_and_the_order_of_the_groups(office: Office) -> None:
    for question in office.questions()[:3]:
        cases = office.every(question)
        found = office.counts(question, "priority", "section")
        pairs = Counter((office.key(c, "priority"), office.key(c, "section")) for c in cases)
        told = {(g.key, p.key): p.count for g in found.groups for p in g.parts if p.count}
        assert told == pairs
        order = [group.key for group in found.groups]
        assert order == sorted(order, key=PRIORITIES[::-1].index)
    by_section = office.counts({}, "section", "month").groups
    sizes = [group.count for group in by_section]
    assert sizes == sorted(sizes, reverse=True)
    assert {group.name for group in by_section} >= {"North", "Far", ""}
    months = [part.key for part in by_section[0].parts]
    assert months == sorted(months)
    assert {group.name for group in office.counts({}, "category").groups} == {
        *("", "Hardware", "Hardware / Printers")
    }
    assert {group.name for group in office.counts({}, "partner").groups} == {"", "P0", "P1", "P2"}


def test_O3_who_sees_only_her_sections_gets_no_others_counted(office: Office) -> None:
    eve = office.desk.eve
    mine = [
        case
        for case in office.every({})
        if office.key(case, "section") in (str(office.north), str(office.far))
        or office.key(case, "responsible") == str(eve)
    ]
    assert 0 < len(mine) < 60
    assert office.counts({"asker_id": eve}, "section").total == len(mine)
    board = office.board({"asker_id": eve})
    shown = {case.number for column in board.columns for case in column.items}
    assert shown == {case["number"] for case in mine}
    assert sum(column.count for column in board.columns) == len(mine)


def test_C4_the_board_has_the_first_of_each_state(office: Office) -> None:
    for question in office.questions():
        board = office.board({**question, "sort": "priority"}, unclosed=4, closed=3)
        assert [column.state for column in board.columns] == list(STATES)
        for column in board.columns:
            assert column.moves == MOVES[column.state]
            asked_for = question.get("state", STATES)
            assert column.asked == (column.state in asked_for)
            if not column.asked:
                assert (column.count, column.items) == (0, ())
                continue
            closed = column.state in ("done", "cancelled")
            sort = "last_action" if closed else "priority"
            every = office.every({**question, "state": (column.state,), "sort": sort})
            first = [case["number"] for case in every][: 3 if closed else 4]
            assert [case.number for case in column.items] == first
            assert column.count == len(every)


def test_C4_what_is_more_than_can_be_counted_is_said(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_counts, "MOST_COUNTED", 10)
    monkeypatch.setattr(case_counts, "MOST_FOUND_BY_WORDS", 5)
    found = office.counts({}, "state")
    assert found.bounded and found.total == sum(group.count for group in found.groups) == 11
    assert office.counts({"q": "printer"}, "state").bounded
    assert office.board({}).bounded
    with office.desk.database.read() as connection:
        every = case_counts.count_cases(connection, CountQuestion(total_only=True))
        words = CountQuestion(cases=CaseQuestion(q="printer"), total_only=True)
        searched = case_counts.count_cases(connection, words)
    assert every == case_views.CaseCounts(total=len(office.every({})))
    assert searched == case_views.CaseCounts(total=6, bounded=True)
    monkeypatch.setattr(case_counts, "MOST_COUNTED", 60)
    monkeypatch.setattr(case_counts, "MOST_GROUPS", 2)
    found = office.counts({}, "partner")
    assert (len(found.groups), found.left_out) == (2, 2)
    assert sum(group.count for group in found.groups) + found.others == found.total


def test_C4_groups_are_opened_by_their_key_and_paged_on(office: Office) -> None:
    asked = GroupQuestion(
        cases=CaseQuestion(sort="oldest"), by="responsible", opened=("", "99", "2"), first=3
    )
    with office.desk.database.read() as connection:
        found = case_groups.list_groups(connection, asked)
    assert found.counts == office.counts({}, "responsible")
    assert {group.key for group in found.opened} == {"", "2"}
    with office.desk.database.read() as connection:
        first = case_groups.list_groups(connection, GroupQuestion(by="partner"))
    assert [one.key for one in first.opened] == [one.key for one in first.counts.groups[:3]]
    for group in found.opened:
        mine = narrowed(CaseQuestion(sort="oldest", limit=200), "responsible", group.key)
        numbers = [case["number"] for case in office.desk.listed(**dict(mine))]
        assert [case.number for case in group.items] == numbers[:3]
        rest = mine.model_copy(update={"cursor": group.next})
        assert [c["number"] for c in office.desk.listed(**dict(rest))] == numbers[3:]


@pytest.mark.parametrize("sort", get_args(Sort))
def test_C4_pages_go_back_as_they_came_and_every_case_knows_its_neighbours(
    office: Office, sort: str
) -> None:
    question: Json = {"sort": sort, "state": ("draft", "open", "pending"), "tag": "urgent"}
    whole = [case["number"] for case in office.every(question)]
    pages = [office.desk.page(**question, limit=4)]
    while pages[-1]["next"]:
        pages.append(office.desk.page(**question, limit=4, cursor=pages[-1]["next"]))
    assert pages[0]["previous"] is None and len(pages) > 2
    page = pages[-1]
    for before in reversed(pages[:-1]):
        page = office.desk.page(**question, limit=4, cursor=page["previous"])
        assert [c["number"] for c in page["items"]] == [c["number"] for c in before["items"]]
        assert page["next"]
    assert page["previous"] is None
    for place, number in enumerate(whole):
        found = office.neighbours(number, **question)
        assert found.previous == (whole[place - 1] if place else None)
        assert found.next == (whole[place + 1] if place + 1 < len(whole) else None)


def test_C4_a_case_that_left_the_list_leads_on_and_one_that_is_none_is_not_found(
    office: Office,
) -> None:
    whole = [case["number"] for case in office.every({"state": ("open",)})]
    desk, number = office.desk, whole[1]
    desk.command("move_case", number=number, version=1, state="done")
    found = office.neighbours(number, state=("open",))
    assert (found.previous, found.next) == (whole[0], whole[2])
    with pytest.raises(NotFound):
        office.neighbours(9999)


@pytest.mark.parametrize(
    ("by", "key"), [("section", "x"), ("state", "lost"), ("month", "2026"), ("priority", "")]
)
def test_C4_a_key_of_no_group_is_refused(by: Cut, key: str) -> None:
    with pytest.raises(ValueError):
        narrowed(CaseQuestion(), by, key)


def test_C4_a_month_is_that_of_the_opening_in_utc(desk: Desk) -> None:
    desk.command("create_case", fields={"subject": "x"})
    created = desk.listed()[0]["created_at"]
    assert [case["number"] for case in desk.listed(created_month=created[:7])] == [101]
    assert desk.listed(created_month="1999-01") == []
    assert case_views.narrowed(CaseQuestion(), "month", created[:7]).created_month == created[:7]


def test_R4_cases_are_asked_for_by_the_moment_of_their_opening(desk: Desk) -> None:
    numbers = [101, 102, 103]
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    for number in numbers:
        desk.command("create_case", fields={"subject": "x"})
        its = update(tables.cases).where(tables.cases.c.number == number)
        with desk.database.write() as connection:
            connection.execute(its.values(created_at=noon + timedelta(hours=number - 101)))

    def found(**question: Any) -> list[int]:
        return [case["number"] for case in desk.listed(sort="oldest", **question)]

    later = noon + timedelta(hours=1)
    assert found(created_from=later) == [102, 103]
    assert found(created_before=later) == [101]
    assert found(created_from=later, created_before=later + timedelta(hours=1)) == [102]
    # The same moment, as another zone tells it.
    there = later.astimezone(timezone(timedelta(hours=9)))
    assert found(created_from=there) == [102, 103]
    with desk.database.read() as connection:
        asked = CountQuestion(cases=CaseQuestion(created_from=later))
        assert case_counts.count_cases(connection, asked).total == 2


def test_R4_a_case_knows_when_it_was_opened(desk: Desk) -> None:
    desk.command("create_case", fields={"subject": "x"})
    created = datetime.fromisoformat(desk.listed()[0]["created_at"])
    assert desk.listed(created_from=created) != []
    assert desk.listed(created_before=created) == []
