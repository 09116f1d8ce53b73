"""What the page of a case asks of the service: copies of an answer, other cases of the partner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.cases import queries
from services.contracts.errors import InvalidRequest

if TYPE_CHECKING:
    from conftest import Desk

ANN, EVE, BOB, CARL = (
    "ann@blue.example",
    "eve@ours.example",
    "bob@ours.example",
    "carl@blue.example",
)


def opened(desk: Desk, **fields: Any) -> int:
    case = desk.command("create_case", fields={"subject": "A case", **fields})
    return int(case["number"])


def test_K3_an_answer_is_given_to_more_people_and_to_fewer(desk: Desk) -> None:
    number = opened(desk, contact_address=ANN, watchers=[{"address": CARL}])
    desk.mails()
    add = [{"address": " dora@blue.example ", "name": "Dora"}, {"address": BOB}, {"address": ANN}]
    desk.command(
        "add_message", number=number, text="Hello", add_watchers=add, remove_watchers=[CARL.upper()]
    )
    told = {one.address for mail in desk.mails() for one in (*mail.data.to, *mail.data.cc)}
    assert told == {ANN, "dora@blue.example", BOB}
    view = desk.case(number)
    assert [(one.address, one.side) for one in view.watchers] == [
        ("dora@blue.example", "partner"),
        (BOB, "staff"),
        (ANN, "partner"),
    ]
    assert [entry.event_type for entry in view.history][:3] == [
        "case.created",
        "case.updated",
        "case.message_added",
    ]
    assert [c.field for c in view.history[1].changes] == ["watchers"]


def test_K3_copies_that_stay_the_same_are_no_change(desk: Desk) -> None:
    number = opened(desk, contact_address=ANN, watchers=[{"address": CARL}])
    desk.command("add_message", number=number, text="Hello", add_watchers=[{"address": CARL}])
    assert "case.updated" not in {entry.event_type for entry in desk.case(number).history[:2]}


@pytest.mark.parametrize("address", ["carl", "carl@", "a b@c.example", "a@b.example,c@d.example"])
def test_K3_a_copy_to_what_is_no_address_sends_nothing(desk: Desk, address: str) -> None:
    number = opened(desk, contact_address=ANN)
    desk.mails()
    with pytest.raises(InvalidRequest, match="no mail address"):
        desk.command("add_message", number=number, text="x", add_watchers=[{"address": address}])
    assert desk.mails() == [] and desk.case(number).messages == ()


def test_K6_other_cases_of_the_partner_stand_beside_a_case(desk: Desk) -> None:
    blue = desk.command("save_partner", fields={"name": "Blue", "contacts": [{"address": ANN}]})
    others = [opened(desk, subject=f"No. {i}", partner_id=blue["id"]) for i in range(9)]
    for number in (others[8], others[7], others[1]):
        desk.command("move_case", number=number, version=1, state="done")
    foreign, case = opened(desk), opened(desk, partner_id=blue["id"])
    found = desk.case(case).partner_cases
    assert [one.number for one in found] == [others[i] for i in (6, 5, 4, 3, 2, 0)]
    assert (found[0].subject, found[0].state) == ("No. 6", "draft")
    assert desk.case(foreign).partner_cases == ()


def test_O3_cases_of_other_sections_do_not_stand_beside_a_case(desk: Desk) -> None:
    section = desk.command("save_section", fields={"name": "North", "member_ids": [desk.eve]})
    desk.command("save_user", id=desk.eve, version=1, fields={"sees": "sections"})
    blue = desk.command("save_partner", fields={"name": "Blue"})
    there = {"partner_id": blue["id"], "section_id": section["id"]}
    case, beside, _elsewhere = (
        opened(desk, **there),
        opened(desk, **there),
        opened(desk, partner_id=blue["id"]),
    )
    with desk.database.read() as connection:
        seen = queries.view(connection, case, asker_id=desk.eve).partner_cases
    assert [one.number for one in seen] == [beside]
