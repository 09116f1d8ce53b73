"""Kinds of case with fields of their own, and the cases that hold values of them (K5, K9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders.mails import received_mail

from services.contracts.directory import KindChanged
from services.contracts.errors import InvalidRequest, NotFound, StaleVersion

if TYPE_CHECKING:
    from conftest import Desk

SERIAL = {"code": "serial", "name": "Serial number"}
WEIGHT = {"code": "weight", "name": "Weight", "type": "number"}
BOUGHT = {"code": "bought", "name": "Bought on", "type": "date"}
COLOUR = {"code": "colour", "name": "Colour", "type": "choice", "choices": ["red", "blue"]}
EXPERT = {"code": "expert", "name": "Expert", "type": "person"}
ALL = [SERIAL, WEIGHT, BOUGHT, COLOUR, EXPERT]


def repair(desk: Desk, *fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return desk.command("save_kind", code="repair", name="Repair", fields=fields, **more)


def opened(desk: Desk, **fields: Any) -> dict[str, Any]:
    return desk.command("create_case", fields={"subject": "A case", "kind": "repair", **fields})


def changed(desk: Desk, number: int, **fields: Any) -> dict[str, Any]:
    version = desk.case(number).version
    return desk.command("change_case", number=number, version=version, fields=fields)


def history(desk: Desk, what: str, key: Any) -> list[dict[str, Any]]:
    return [entry.model_dump(mode="json") for entry in desk.directory_history(what, key)]


def test_K5_a_kind_with_fields_is_announced_and_counted(desk: Desk) -> None:
    kind = repair(desk, *ALL)
    assert (kind["version"], [field["code"] for field in kind["fields"]]) == (
        1,
        ["serial", "weight", "bought", "colour", "expert"],
    )
    (event,) = desk.events()
    assert isinstance(event, KindChanged)
    assert event.data.model_dump(mode="json") == kind
    assert event.actor.name == "Administrator"


def test_K5_a_kind_saved_without_its_fields_keeps_them(desk: Desk) -> None:
    repair(desk, SERIAL)
    kind = desk.command("save_kind", code="repair", name="Repairs", version=1)
    assert (kind["name"], kind["version"]) == ("Repairs", 2)
    assert kind["fields"][0]["code"] == "serial"


def test_K5_saving_the_same_changes_nothing(desk: Desk) -> None:
    first = repair(desk, SERIAL)
    desk.events()
    assert repair(desk, SERIAL) == first
    assert desk.events() == []
    assert len(history(desk, "kind", "repair")) == 1


def test_K5_a_version_is_checked(desk: Desk) -> None:
    repair(desk)
    with pytest.raises(StaleVersion):
        repair(desk, SERIAL, version=2)
    with pytest.raises(InvalidRequest, match="code: there is a kind 'Repair'"):
        repair(desk, SERIAL, version=0)
    with pytest.raises(NotFound):
        desk.command("save_kind", code="other", name="Other", version=1)
    assert desk.command("save_kind", code="other", name="Other", version=0)["version"] == 1


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ([SERIAL, SERIAL], "fields.1.code: 'serial' is given twice"),
        ([{**COLOUR, "choices": []}], "fields.0.choices: give the texts"),
        ([{**COLOUR, "choices": ["red", "red"]}], "fields.0.choices: each must be another"),
        ([{**COLOUR, "choices": ["red", " "]}], "fields.0.choices: ' ' must be a text"),
        ([{**SERIAL, "choices": ["x"]}], "fields.0.choices: only a choice has choices"),
        ([{**SERIAL, "code": "Serial"}], "fields.0.code: "),
        ([{**SERIAL, "type": "money"}], "fields.0.type: "),
        ([{**SERIAL, "name": " "}], "fields.0.name: must not be empty"),
    ],
)
def test_K5_what_a_kind_cannot_have_is_refused_by_place(
    desk: Desk, fields: list[dict[str, Any]], told: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        repair(desk, *fields)
    assert str(caught.value).startswith(told)


def test_K9_a_field_keeps_its_type_for_good(desk: Desk) -> None:
    repair(desk, SERIAL)
    with pytest.raises(InvalidRequest, match="'serial' is a text for good"):
        repair(desk, {**SERIAL, "type": "number"})
    repair(desk)
    with pytest.raises(InvalidRequest, match="'serial' is a text for good"):
        repair(desk, {**SERIAL, "type": "number"})
    assert repair(desk, SERIAL)["fields"][0]["type"] == "text"


def test_K5_the_kind_that_a_case_is_by_default_stays(desk: Desk) -> None:
    with pytest.raises(InvalidRequest, match="active: helpdesk is what a case is"):
        desk.command("save_kind", code="helpdesk", name="Helpdesk request", active=False)


def test_K5_a_retired_kind_stays_on_old_cases_and_gets_no_new_ones(desk: Desk) -> None:
    repair(desk, SERIAL)
    number = opened(desk, custom={"serial": "A-17"})["number"]
    desk.command("save_kind", code="repair", name="Repair", active=False)
    with pytest.raises(InvalidRequest, match=r"kind: must be one of (?!.*repair)"):
        opened(desk)
    after = changed(desk, number, kind="repair", priority="high", custom={"serial": "A-18"})
    assert (after["kind"], after["custom"]) == ("repair", {"serial": "A-18"})
    other = desk.command("create_case", fields={"subject": "Another"})["number"]
    with pytest.raises(InvalidRequest, match="kind: must be one of"):
        changed(desk, other, kind="repair")


def test_K5_a_mail_for_a_retired_kind_makes_a_case_all_the_same(desk: Desk) -> None:
    repair(desk)
    mail = received_mail("ann@blue.example", "Broken", new_case={"kind": "repair"})
    desk.take(mail)
    assert desk.case(desk.latest()).kind == "repair"
    desk.command("save_kind", code="repair", name="Repair", active=False)
    desk.take(received_mail("ann@blue.example", "Broken again", new_case={"kind": "repair"}))
    assert desk.case(desk.latest()).kind == "helpdesk"


def test_K9_values_are_kept_by_their_type_and_merge_by_code(desk: Desk) -> None:
    repair(desk, *ALL)
    given = {"serial": "A-17", "weight": "12.50", "bought": "2026-02-28", "expert": desk.eve}
    case = opened(desk, custom=given)
    expert = {"id": desk.eve, "name": "Eve Expert"}
    held = {"serial": "A-17", "weight": 12.5, "bought": "2026-02-28", "expert": expert}
    assert case["custom"] == held
    changed(desk, case["number"], custom={"colour": "blue", "weight": None})
    view = desk.case(case["number"])
    assert view.custom == {"colour": "blue", **{k: v for k, v in held.items() if k != "weight"}}
    (change,) = view.history[-1].changes
    assert (change.field, change.before, change.after) == ("custom", held, view.custom)
    changed(desk, case["number"], custom=None)
    assert desk.case(case["number"]).custom == {}


@pytest.mark.parametrize(
    ("custom", "told"),
    [
        ({"serail": "A-17"}, "custom.serail: is no field of the kind Repair; there are serial"),
        ({"weight": "much"}, "custom.weight: Weight: give a number"),
        ({"bought": "yesterday"}, "custom.bought: Bought on: give a day"),
        ({"colour": "green"}, "custom.colour: Colour: must be one of red, blue"),
        ({"expert": 4711}, "custom.expert: Expert: give the number of an active user"),
    ],
)
def test_K9_a_value_that_does_not_fit_is_refused_by_its_field(
    desk: Desk, custom: dict[str, Any], told: str
) -> None:
    repair(desk, *ALL)
    with pytest.raises(InvalidRequest) as caught:
        opened(desk, custom=custom)
    assert str(caught.value).startswith(told)


def test_K9_what_a_case_holds_may_be_sent_back_though_it_is_no_choice_any_more(desk: Desk) -> None:
    repair(desk, COLOUR, EXPERT)
    number = opened(desk, custom={"colour": "red", "expert": desk.eve})["number"]
    repair(desk, {**COLOUR, "choices": ["blue"]}, EXPERT)
    eve = desk.directory("user", desk.eve)
    desk.command("save_user", id=desk.eve, version=eve["version"], fields={"active": False})
    case = changed(desk, number, priority="high", custom={"colour": "red", "expert": desk.eve})
    assert (case["custom"]["colour"], case["custom"]["expert"]["id"]) == ("red", desk.eve)
    changed(desk, number, custom={"colour": "blue"})
    with pytest.raises(InvalidRequest, match=r"custom\.colour"):
        changed(desk, number, custom={"colour": "red"})


def test_K9_a_required_field_is_asked_of_persons_and_of_nobody_else(desk: Desk) -> None:
    repair(desk, {**SERIAL, "required": True}, COLOUR)
    with pytest.raises(InvalidRequest, match=r"custom\.serial: Serial number must be given"):
        opened(desk, custom={"colour": "red"})
    desk.take(received_mail("ann@blue.example", "Broken", new_case={"kind": "repair"}))
    number = desk.latest()
    assert desk.case(number).custom == {}
    with pytest.raises(InvalidRequest, match=r"custom\.serial"):
        changed(desk, number, priority="high")
    assert changed(desk, number, priority="high", custom={"serial": "A"})["priority"] == "high"
    with pytest.raises(InvalidRequest, match=r"custom\.serial"):
        changed(desk, number, custom={"serial": " "})


def test_K9_another_kind_drops_the_fields_that_it_has_not(desk: Desk) -> None:
    repair(desk, *ALL)
    loan = [SERIAL, {**COLOUR, "choices": ["red"]}, {**WEIGHT, "type": "text"}, EXPERT]
    desk.command("save_kind", code="loan", name="Loan", fields=loan)
    given = {"serial": "A-17", "weight": 3, "colour": "blue", "expert": desk.eve}
    number = opened(desk, custom=given)["number"]
    after = changed(desk, number, kind="loan")
    expert = {"id": desk.eve, "name": "Eve Expert"}
    assert after["custom"] == {"serial": "A-17", "expert": expert}
    told = {change.field for change in desk.case(number).history[-1].changes}
    assert told == {"kind", "custom"}


def test_K5_the_history_of_a_kind_tells_what_differs(desk: Desk) -> None:
    repair(desk, SERIAL)
    repair(desk, {**SERIAL, "required": True}, dated=True)
    newest, first = history(desk, "kind", "repair")
    assert (newest["version"], first["version"]) == (2, 1)
    assert newest["actor_name"] == "Administrator"
    assert {change["field"] for change in newest["changes"]} == {"fields", "dated"}
    assert all(change["before"] is None for change in first["changes"])
