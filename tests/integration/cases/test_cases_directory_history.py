"""Users, sections and partners: who changed what, and the cases that follow (K4, K6, K8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.contracts.errors import InvalidRequest

if TYPE_CHECKING:
    from conftest import Desk

BLUE = {
    "name": "Blue",
    "contacts": [{"name": "Ann", "address": "Ann@Blue.example"}, {"address": "b@blue.example"}],
}


def saved(desk: Desk, what: str, id: int, **fields: Any) -> dict[str, Any]:
    version = desk.directory(what, id)["version"]
    return desk.command(f"save_{what}", id=id, version=version, fields=fields)


def told(desk: Desk, what: str, id: int) -> list[dict[str, tuple[Any, Any]]]:
    return [
        {change.field: (change.before, change.after) for change in entry.changes}
        for entry in desk.directory_history(what, id)
    ]


def test_K8_the_history_of_a_user_tells_what_differs_and_who_did_it(desk: Desk) -> None:
    saved(desk, "user", desk.eve, language="pt-BR", absent_from="2026-12-01")
    newest, first = desk.directory_history("user", desk.eve)
    assert (newest.version, newest.actor_id, newest.actor_name) == (2, 1, "Administrator")
    assert told(desk, "user", desk.eve)[0] == {
        "language": ("en", "pt-BR"),
        "absent_from": (None, "2026-12-01"),
    }
    assert {change.field for change in first.changes} >= {"login", "name", "address"}
    assert "absent_until" not in {change.field for change in first.changes}


def test_K6_the_history_of_a_partner_tells_contacts_before_and_after(desk: Desk) -> None:
    id = desk.command("save_partner", fields=BLUE)["id"]
    saved(desk, "partner", id, contacts=[{"name": "Ann", "address": "ann@blue.example"}])
    (before, after) = told(desk, "partner", id)[0]["contacts"]
    assert [one["address"] for one in before] == ["ann@blue.example", "b@blue.example"]
    assert [one["address"] for one in after] == ["ann@blue.example"]


@pytest.mark.parametrize("what", ["user", "section", "partner"])
def test_saving_what_is_there_writes_nothing_and_tells_nobody(desk: Desk, what: str) -> None:
    if what == "partner":
        desk.command("save_partner", fields=BLUE)
    before = desk.directory(what, 1)
    kept = {"id", "version", "category_path_ids"}
    fields = {name: value for name, value in before.items() if name not in kept}
    if what == "partner":
        fields["contacts"] = BLUE["contacts"]
    entries = len(desk.directory_history(what, 1))
    desk.events()
    assert saved(desk, what, 1, **fields) == before
    assert desk.events() == []
    assert len(desk.directory_history(what, 1)) == entries


def test_there_is_no_history_of_what_nobody_keeps_one_of(desk: Desk) -> None:
    with pytest.raises(InvalidRequest, match="what: must be one of user, section"):
        desk.directory_history("case", 101)
    assert desk.directory_history("section", 4711) == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone: 'Mars/Olympus' is no time zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone: "),
        ({"language": "English"}, "language: 'English' is no language"),
        ({"absent_from": "2026-12-02", "absent_until": "2026-12-01"}, "absent_until: "),
        ({"stand_in_id": 4711}, "stand_in_id: there is no user 4711"),
    ],
)
def test_K8_what_a_user_cannot_be_is_refused_by_field(
    desk: Desk, fields: dict[str, Any], told: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        saved(desk, "user", desk.eve, **fields)
    assert str(caught.value).startswith(told)


def test_K8_nobody_stands_in_for_himself(desk: Desk) -> None:
    with pytest.raises(InvalidRequest, match="stand_in_id: nobody stands in for himself"):
        saved(desk, "user", desk.eve, stand_in_id=desk.eve)
    assert saved(desk, "user", desk.eve, stand_in_id=desk.bob)["stand_in_id"] == desk.bob


def test_K4_a_section_does_not_escalate_to_itself(desk: Desk) -> None:
    with pytest.raises(InvalidRequest, match="escalation_id: a section cannot"):
        saved(desk, "section", 1, escalation_id=1)


def test_K8_unclosed_cases_carry_the_new_name_of_their_responsible(desk: Desk) -> None:
    fields = {"subject": "A case", "responsible_id": desk.eve}
    numbers = [
        desk.command("create_case", fields=fields, state=state)["number"]
        for state in ("open", "done")
    ]
    saved(desk, "user", desk.eve, language="fr")
    assert desk.case(numbers[0]).version == 1
    desk.mails()
    saved(desk, "user", desk.eve, name="Eve Married")
    views = [desk.case(number) for number in numbers]
    assert [view.responsible.name for view in views if view.responsible] == [
        "Eve Married",
        "Eve Expert",
    ]
    assert views[0].history[-1].reason == "Administrator changed the user Eve Married"
    assert desk.mails() == [], "she is no new responsible"


def test_K4_a_section_that_moves_takes_its_cases_and_those_below_along(desk: Desk) -> None:
    company = desk.command("save_section", fields={"name": "Company"})["id"]
    level = desk.command("save_section", fields={"name": "Level 1", "parent_id": 1})["id"]
    number, other = (
        desk.command("create_case", fields={"subject": "A case", "section_id": one})["number"]
        for one in (level, company)
    )
    before = desk.case(number)
    assert before.section_path == (level, 1)
    saved(desk, "section", 1, parent_id=company)
    after = desk.case(number)
    assert after.section_path == (level, 1, company)
    assert after.last_action_at == before.last_action_at
    (change,) = after.history[-1].changes
    assert (change.field, change.before, change.after) == (
        "section_path",
        [level, 1],
        [level, 1, company],
    )
    assert desk.case(other).version == 1


def test_K4_unclosed_cases_carry_the_new_name_of_their_section(desk: Desk) -> None:
    number = desk.command("create_case", fields={"subject": "A case"})["number"]
    saved(desk, "section", 1, close_on_partner_answer=True)
    assert desk.case(number).version == 1
    saved(desk, "section", 1, name="Care")
    section = desk.case(number).section
    assert section is not None and section.name == "Care"


def test_K4_who_and_what_has_left_gets_no_new_cases(desk: Desk) -> None:
    section = desk.command("save_section", fields={"name": "Closed"})["id"]
    fields = {"subject": "A case", "responsible_id": desk.eve, "section_id": section}
    number = desk.command("create_case", fields=fields)["number"]
    saved(desk, "user", desk.eve, active=False)
    saved(desk, "section", section, active=False)
    with pytest.raises(InvalidRequest, match="responsible_id: Eve Expert is not active any more"):
        desk.command("create_case", fields={"subject": "A case", "responsible_id": desk.eve})
    with pytest.raises(InvalidRequest, match="section_id: Closed is not active any more"):
        desk.command("create_case", fields={"subject": "A case", "section_id": section})
    fields["subject"] = "Still theirs"
    after = desk.command("change_case", number=number, version=1, fields=fields)
    assert after["subject"] == "Still theirs"


def test_K9_minutes_add_up_and_the_history_tells_them(desk: Desk) -> None:
    number = desk.command("create_case", fields={"subject": "A case"})["number"]
    desk.events()
    for minutes in (15, None, 20):
        desk.command(
            "add_message", number=number, kind="note", text="Looked", minutes_spent=minutes
        )
    view = desk.case(number)
    assert view.minutes_spent == 35
    changes = [entry.changes for entry in view.history[1:]]
    assert [[(one.field, one.before, one.after) for one in each] for each in changes] == [
        [("minutes_spent", 0, 15)],
        [],
        [("minutes_spent", 15, 35)],
    ]
    assert [event.data.message.minutes_spent for event in desk.events()] == [15, None, 20]
