"""Sections limit what an agent sees: in lists, cases, calendars and by commands (O3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from services.cases import calendar_events, quality_actions, queries, side_tables
from services.cases.actions.preview_template import preview_template
from services.contracts.calendar import CalendarQuestion
from services.contracts.directory import PreviewTemplate
from services.contracts.errors import NotFound

if TYPE_CHECKING:
    from conftest import Desk

START = datetime(2026, 10, 5, 7, 0, tzinfo=UTC)


class Office:
    """Eve sees only her section North and what lies below it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        save = desk.command
        north = {"name": "North", "member_ids": [desk.eve]}
        self.north = save("save_section", fields=north)["id"]
        self.below = save("save_section", fields={"name": "Far", "parent_id": self.north})["id"]
        self.south = save("save_section", fields={"name": "South"})["id"]
        eve = desk.directory("user", desk.eve)
        save("save_user", id=desk.eve, version=eve["version"], fields={"sees": "sections"})
        self.cases = {
            "north": self.case("North", self.north),
            "below": self.case("Below", self.below),
            "south": self.case("South", self.south),
            "hers": self.case("Hers", self.south, responsible_id=desk.eve),
            "watched": self.case("Watched", self.south, watchers=[{"address": "EVE@ours.example"}]),
        }

    def case(self, subject: str, section: int, **more: Any) -> dict[str, Any]:
        fields = {"subject": subject, "section_id": section, "start": START, "tags": [subject]}
        return self.desk.command("create_case", fields={**fields, **more})

    def opens(self, name: str) -> bool:
        try:
            with self.desk.database.read() as connection:
                queries.view(connection, self.cases[name]["number"], self.desk.eve)
        except NotFound:
            return False
        return True


@pytest.fixture
def office(desk: Desk) -> Office:
    return Office(desk)


def test_O3_lists_and_calendars_hold_her_sections_and_her_own(office: Office) -> None:
    desk = office.desk
    listed = {case["subject"] for case in desk.listed(asker_id=desk.eve)}
    assert listed == {"North", "Below", "Hers"}
    assert len(desk.listed(asker_id=desk.bob)) == len(desk.listed()) == 5
    question = CalendarQuestion(
        begin=START, end=START + timedelta(days=1), cases={"asker_id": desk.eve}
    )
    with desk.database.read() as connection:
        events = calendar_events.list_events(connection, question)["items"]
        tags = {tag["tag"] for tag in side_tables.list_tags(connection, desk.eve)}
    assert {event["subject"] for event in events} == listed
    assert tags == {subject.lower() for subject in listed} or tags == listed


def test_O3_another_section_s_case_is_not_there_for_her(office: Office) -> None:
    assert {name: office.opens(name) for name in office.cases} == {
        "north": True,
        "below": True,
        "south": False,
        "hers": True,
        "watched": True,
    }


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("change_case", {"version": 1, "fields": {"subject": "Mine"}}),
        ("move_case", {"version": 1, "state": "open"}),
        ("escalate_case", {"version": 1}),
        ("add_message", {"kind": "note", "text": "hello"}),
        ("split_case", {"version": 1, "message_number": 1}),
        ("save_quality_action", {"fields": {"text": "Do it"}}),
        ("move_event", {"version": 1, "start": START.isoformat()}),
        ("unlink_cases", {"other": 101}),
    ],
)
def test_O3_no_command_reaches_it(office: Office, name: str, given: dict[str, Any]) -> None:
    desk, number = office.desk, office.cases["south"]["number"]
    with pytest.raises(NotFound):
        desk.command(name, actor_id=desk.eve, number=number, **given)
    assert desk.case(number).version == 1


def test_O3_neither_as_the_other_case_nor_in_a_selection(office: Office) -> None:
    desk, hers, theirs = office.desk, office.cases["north"], office.cases["south"]["number"]
    commands: list[tuple[str, dict[str, Any]]] = [
        ("merge_case", {"number": hers["number"], "version": 1, "into": theirs}),
        ("link_cases", {"number": hers["number"], "other": theirs}),
        ("change_cases", {"numbers": [hers["number"], theirs], "fields": {"priority": "high"}}),
    ]
    for name, given in commands:
        with pytest.raises(NotFound):
            desk.command(name, actor_id=desk.eve, **given)
    assert desk.case(hers["number"]).version == 1


def test_O3_what_stands_beside_a_case_shows_nothing_of_others(office: Office) -> None:
    desk, hers, theirs = office.desk, office.cases["north"], office.cases["south"]["number"]
    desk.command("link_cases", number=hers["number"], other=theirs)
    desk.command("save_quality_action", number=theirs, fields={"text": "Secret"})
    with desk.database.read() as connection:
        view = queries.view(connection, hers["number"], desk.eve)
        actions = quality_actions.list_actions(connection, None, False, None, 50, asker_id=desk.eve)
        with pytest.raises(NotFound):
            asked = PreviewTemplate(number=theirs, text="{{ case.subject }}", asker_id=desk.eve)
            preview_template(connection, asked)
    assert [(link.number, link.subject) for link in view.links] == [(theirs, "")]
    assert actions["items"] == []


def test_O3_an_administrator_sees_all_and_who_has_left_sees_nothing(office: Office) -> None:
    desk = office.desk
    eve = desk.directory("user", desk.eve)
    fields: dict[str, Any] = {"role": "admin"}
    eve = desk.command("save_user", id=desk.eve, version=eve["version"], fields=fields)
    assert len(desk.listed(asker_id=desk.eve)) == 5
    fields = {"role": "agent", "active": False}
    desk.command("save_user", id=desk.eve, version=eve["version"], fields=fields)
    assert desk.listed(asker_id=desk.eve) == []
    assert not office.opens("north")
