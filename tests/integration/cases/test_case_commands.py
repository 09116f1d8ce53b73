"""Commands and questions of the cases service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.contracts.errors import IllegalMove, InvalidRequest, NotFound, StaleVersion

if TYPE_CHECKING:
    from conftest import Desk

ANN, EVE, BOB = "ann@blue.example", "eve@ours.example", "bob@ours.example"


def opened(desk: Desk, **fields: Any) -> dict[str, Any]:
    return desk.command("create_case", fields={"subject": "A case", **fields})


def test_K1_a_case_carries_all_its_fields(desk: Desk) -> None:
    case = opened(
        desk,
        description="Long text",
        kind="meeting",
        responsible_id=desk.eve,
        priority="high",
        contact_address=ANN,
        watchers=[{"address": BOB}],
        estimated_revenue="1234.5678",
        estimated_cost="0.10",
        probability=30,
        deadline="2026-12-01T12:00:00Z",
        start="2026-11-30T09:00:00+01:00",
        duration_minutes=90,
    )
    view = desk.case(case["number"])
    assert str(view.estimated_revenue) == "1234.5678"
    assert view.start is not None and view.start.isoformat() == "2026-11-30T08:00:00+00:00"
    assert view.watchers[0].side == "staff"
    assert view.description == "Long text"
    assert view.section is not None, "a case that nobody puts anywhere goes to the first section"
    assert view.created_at == view.last_action_at == view.state_since


def test_a_command_sent_twice_takes_effect_once(desk: Desk) -> None:
    command = {"idempotency_key": "the same", "fields": {"subject": "Once"}}
    first = desk.command("create_case", **command)
    assert desk.command("create_case", **command) == first
    assert len(desk.listed(q="Once")) == 1


def test_K2_a_stale_version_is_told_the_current_one(desk: Desk) -> None:
    case = opened(desk)
    desk.command("move_case", number=case["number"], version=1, state="open")
    with pytest.raises(StaleVersion) as caught:
        desk.command("move_case", number=case["number"], version=1, state="done")
    assert (caught.value.expected, caught.value.current) == (1, 2)


def test_K2_an_illegal_move_names_the_legal_ones(desk: Desk) -> None:
    case = desk.command("create_case", fields={"subject": "Done"}, state="done")
    with pytest.raises(IllegalMove, match="it can become open"):
        desk.command("move_case", number=case["number"], version=1, state="pending")


def test_K2_each_change_is_an_entry_with_old_and_new(desk: Desk) -> None:
    case = opened(desk, priority="low")
    fields = {"priority": "high", "description": "New text"}
    desk.command("change_case", number=case["number"], version=1, fields=fields)
    entry = desk.case(case["number"]).history[-1]
    assert {c.field: (c.before, c.after) for c in entry.changes} == {
        "priority": ("low", "high"),
        "description": ("", "New text"),
    }
    assert (entry.actor_kind, entry.actor_name) == ("user", "Administrator")


def test_K2_fields_and_state_change_in_one_event(desk: Desk) -> None:
    number = opened(desk)["number"]
    fields = {"priority": "low"}
    after = desk.command("change_case", number=number, version=1, fields=fields, state="done")
    assert (after["state"], after["priority"], after["version"]) == ("done", "low", 2)
    with pytest.raises(IllegalMove):
        desk.command("change_case", number=number, version=2, fields=fields, state="pending")
    assert desk.case(number).version == 2


def test_a_change_to_the_same_value_is_none(desk: Desk) -> None:
    case = opened(desk, priority="low")
    after = desk.command(
        "change_case", number=case["number"], version=1, fields={"priority": "low"}
    )
    assert after["version"] == 1
    assert len(desk.case(case["number"]).history) == 1


def test_K2_versions_and_history_have_no_gap(desk: Desk) -> None:
    number = opened(desk, contact_address=ANN)["number"]
    desk.command("add_message", number=number, text="Hello")
    desk.command("add_message", number=number, kind="note", text="Psst")
    view = desk.case(number)
    assert [entry.version for entry in view.history] == list(range(1, view.version + 1))


def test_K3_a_reply_is_mailed_and_a_note_is_not(desk: Desk) -> None:
    number = opened(desk, contact_address=ANN)["number"]
    desk.mails()
    desk.command("add_message", number=number, kind="note", text="Internal", minutes_spent=15)
    assert desk.mails() == []
    desk.command("add_message", number=number, text="Dear Ann")
    (mail,) = desk.mails()
    assert (mail.data.to[0].address, mail.data.text) == (ANN, "Dear Ann")
    view = desk.case(number)
    assert [m.kind for m in view.messages] == ["note", "reply"]
    assert view.messages[0].minutes_spent == 15


def test_who_answers_a_case_of_nobody_takes_it_up(desk: Desk) -> None:
    number = opened(desk, contact_address=ANN)["number"]
    desk.command("add_message", number=number, actor_id=desk.eve, text="Hello")
    view = desk.case(number)
    assert view.state == "open"
    assert view.responsible is not None and view.responsible.id == desk.eve


def test_a_reply_without_a_contact_says_what_to_do(desk: Desk) -> None:
    number = opened(desk)["number"]
    with pytest.raises(InvalidRequest, match="give it one, or write a note"):
        desk.command("add_message", number=number, text="Hello?")
    assert desk.case(number).messages == ()


def test_K4_escalation_keeps_the_lower_level_watching(desk: Desk) -> None:
    above = desk.command("save_section", fields={"name": "Second level"})
    section = desk.command(
        "save_section",
        id=1,
        version=desk.section["version"],
        fields={"escalation_id": above["id"]},
    )
    number = opened(desk, responsible_id=desk.eve, section_id=section["id"])["number"]
    after = desk.command("escalate_case", number=number, version=1)
    assert after["section"]["name"] == "Second level"
    assert [w["address"] for w in after["watchers"]] == [EVE]
    assert desk.case(number).history[-1].event_type == "case.escalated"


def test_K4_escalating_from_the_top_says_what_to_do(desk: Desk) -> None:
    number = opened(desk)["number"]
    with pytest.raises(InvalidRequest, match="escalates to none"):
        desk.command("escalate_case", number=number, version=1)


def test_K5_a_kind_is_data(desk: Desk) -> None:
    desk.command("save_kind", code="harvest", name="Harvest", dated=True)
    assert opened(desk, kind="harvest")["kind"] == "harvest"
    with pytest.raises(InvalidRequest, match="must be one of"):
        opened(desk, kind="unheard of")


def test_K6_a_partners_categories_count_upwards(desk: Desk) -> None:
    contract = desk.command("save_partner_category", name="Support Contract")
    gold = desk.command("save_partner_category", name="Gold", parent_id=contract["id"])
    assert gold["path"] == "Support Contract / Gold"
    contacts = [{"address": ANN.upper(), "name": "Ann"}]
    fields = {"name": "Blue", "contacts": contacts, "category_ids": [gold["id"]]}
    partner = desk.command("save_partner", fields=fields)
    case = opened(desk, contact_address=ANN)
    assert case["partner"] == {"id": partner["id"], "name": "Blue"}
    assert case["partner_categories"] == [contract["id"], gold["id"]]


def test_A6_a_partner_who_becomes_gold_is_gold_on_his_open_cases(desk: Desk) -> None:
    gold = desk.command("save_partner_category", name="Gold")
    fields = {"name": "Blue", "contacts": [{"address": ANN}]}
    partner = desk.command("save_partner", fields=fields)
    number = opened(desk, contact_address=ANN)["number"]
    old = {"subject": "Old", "contact_address": ANN}
    closed = desk.command("create_case", fields=old, state="done")
    before = desk.case(number)
    desk.events()
    fields = {"category_ids": [gold["id"]]}
    desk.command("save_partner", id=partner["id"], version=1, fields=fields)

    case = desk.case(number)
    assert case.partner_categories == (gold["id"],)
    assert case.last_action_at == before.last_action_at
    assert case.history[-1].reason == "Administrator changed the partner Blue"
    assert [c.field for c in case.history[-1].changes] == ["partner_categories"]
    assert "case.updated" in [event.type for event in desk.events()]
    assert desk.case(closed["number"]).version == 1


def test_K6_one_address_belongs_to_one_partner(desk: Desk) -> None:
    fields = {"name": "Blue", "contacts": [{"address": ANN}]}
    desk.command("save_partner", fields=fields)
    with pytest.raises(InvalidRequest, match="belongs to partner"):
        desk.command("save_partner", fields={**fields, "name": "Red"})


def test_K8_a_user_keeps_what_is_not_given(desk: Desk) -> None:
    fields = {"time_zone": "Europe/Paris"}
    user = desk.command("save_user", id=desk.eve, version=1, fields=fields)
    assert (user["time_zone"], user["address"], user["version"]) == ("Europe/Paris", EVE, 2)
    with pytest.raises(StaleVersion):
        desk.command("save_user", id=desk.eve, version=1, fields=fields)


@pytest.mark.parametrize(
    ("name", "fields", "field"),
    [
        ("save_user", {"login": "eve", "name": "Twin"}, "login"),
        ("save_user", {"login": "x", "name": "X", "address": "nowhere"}, "address"),
        ("save_user", {"login": "x", "name": "X", "role": "king"}, "role"),
        ("save_user", {"login": "x", "name": "X", "password": "secret"}, "password"),
        ("save_section", {"name": "Support"}, "name"),
        ("save_section", {"name": "New", "parent_id": 99}, "parent_id"),
        ("save_partner", {"name": " "}, "name"),
        ("save_partner", {"name": "P", "category_ids": [99]}, "category_ids"),
    ],
)
def test_wrong_directory_entries_name_the_field(
    desk: Desk, name: str, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        desk.command(name, fields=fields)
    assert caught.value.field == field


def test_a_section_cannot_lie_below_itself(desk: Desk) -> None:
    below = desk.command("save_section", fields={"name": "Below", "parent_id": 1})
    with pytest.raises(InvalidRequest, match="below itself"):
        fields = {"parent_id": below["id"]}
        desk.command("save_section", id=1, version=desk.section["version"], fields=fields)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"subject": "  "}, "subject"),
        ({"section_id": 99}, "section_id"),
        ({"responsible_id": 99}, "responsible_id"),
        ({"partner_id": 99}, "partner_id"),
        ({"category_id": 99}, "category_id"),
        ({"contact_address": "nowhere"}, "contact_address"),
        ({"probability": 101}, "probability"),
        ({"priority": "urgent"}, "priority"),
        ({"estimated_revenue": "1e15"}, "estimated_revenue"),
        ({"estimated_cost": "0.00001"}, "estimated_cost"),
        ({"deadline": "2026-12-01T12:00:00"}, "deadline"),
    ],
)
def test_wrong_fields_are_named(desk: Desk, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        opened(desk, **fields)
    assert caught.value.field == field


def test_an_unknown_case_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound, match="there is no case 999"):
        desk.command("move_case", number=999, version=1, state="open")
