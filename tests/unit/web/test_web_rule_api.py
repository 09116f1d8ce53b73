"""Rules, templates and working calendars as programs use them."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, token

MOMENT = "2026-11-24T10:00:00Z"
RULE = {"id": 7, "name": "Gold", "actions": [{"do": "set_priority", "priority": "high"}]}
SAVED = {"rule": RULE, "armed": 12, "overdue": 3}
FIRING = {
    "firing_id": "f",
    "rule_id": 7,
    "case_number": 101,
    "at": MOMENT,
    "set_off_by": "case.created",
    "chain": ["Earlier"],
    "changed": True,
    "refused": ["escalate: there is no section above"],
    "next_action_at": MOMENT,
}
REHEARSAL = {
    "count": 2,
    "cases": 1,
    "judged_cases": 9,
    "since": MOMENT,
    "until": MOMENT,
    "items": [{"case_number": 101, "subject": "x", "at": MOMENT, "changes": [{"field": "state"}]}],
}
CHANGE = {"what": "rule", "key": "7", "version": 2, "at": MOMENT, "actor_name": "Anna"}
CALENDAR = {"id": 4, "name": "Office"}
TEMPLATE = {"id": 5, "name": "Welcome", "subject": "Hello", "text": "{{ case.number }}"}
READS: dict[str, tuple[str, Any]] = {
    "/rules/7": ("get_rule", RULE),
    "/rules/7/summary?days=7": ("rule_summary", {"rule_id": 7, "days": 7, "fired": 3}),
    "/rules/7/failures": (
        "list_failures",
        [{"rule_id": 7, "case_number": 1, "at": MOMENT, "error": "x"}],
    ),
    "/rules/7/history": ("list_history", [CHANGE]),
    "/firings?rule_id=7": ("list_firings", [FIRING]),
    "/templates": ("list_templates", [TEMPLATE]),
    "/templates/5": ("get_template", TEMPLATE),
    "/templates/5/history": ("list_directory_history", [CHANGE]),
    "/calendars": ("list_calendars", [CALENDAR]),
    "/calendars/4": ("get_calendar", CALENDAR),
    "/calendars/4/history": ("list_history", [CHANGE]),
    "/countries": ("list_countries", [{"code": "DE", "name": "Germany", "subdivisions": ["BY"]}]),
    "/holidays?country=DE&year=2026": ("list_holidays", [{"day": "2026-12-25", "name": "Xmas"}]),
}


@pytest.mark.parametrize("path", READS)
def test_a_reader_reads_it_all_as_the_document_says(
    client: FlaskClient, answers: Answers, path: str
) -> None:
    method, given = READS[path]
    answers.by_method[method] = given
    answer = client.get(f"/api/v1{path}", headers=token(client, "rita"))
    assert answer.status_code == 200, answer.text
    first = given[0] if isinstance(given, list) else given
    shown = answer.json["items"][0] if isinstance(given, list) else answer.json
    assert {name: shown[name] for name in first} == first
    document = client.get("/api/v1/openapi.json").json
    pattern = path.partition("?")[0].replace("/7", "/{id}").replace("/5", "/{id}")
    operation = document["paths"]["/api/v1" + pattern.replace("/4", "/{id}")]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema_rs.validate({**schema, "components": document["components"]}, answer.json)


def test_A10_a_rule_is_checked_without_being_saved(client: FlaskClient, answers: Answers) -> None:
    answers.by_method["save_rule"] = SAVED
    admin = token(client, "admin")
    body = {"name": "Gold", "criteria": {"tag": "vip"}, "check_only": True}
    answer = client.post("/api/v1/rules", json=body, headers=admin)
    assert (answer.status_code, answer.json["overdue"]) == (200, 3)
    command = answers.last("save_rule")["command"]
    assert command["check_only"] is True and command["fire_overdue"] is False
    assert command["fields"] == {"name": "Gold", "criteria": {"tag": "vip"}}
    saved = client.post("/api/v1/rules", json={**body, "check_only": False}, headers=admin)
    assert saved.status_code == 201


WRONG: dict[str, dict[str, Any]] = {
    "criteria.sectoin_id": {"criteria": {"sectoin_id": 1}},
    "trigger.dealy": {"trigger": {"dealy": 1}},
    "actions.0": {"actions": [{"do": "add_note", "text": "x", "txet": "y"}]},
    "actions.0.add_note.text": {"actions": [{"do": "add_note"}]},
}


@pytest.mark.parametrize("field", WRONG)
def test_a_misspelt_part_of_a_rule_is_refused_and_named(
    client: FlaskClient, answers: Answers, field: str
) -> None:
    body = {"name": "x", **WRONG[field]}
    answer = client.post("/api/v1/rules", json=body, headers=token(client, "admin"))
    assert (answer.status_code, answer.json["field"]) == (422, field)
    assert "save_rule" not in {name for _, name, _ in answers.asked}


def test_rules_are_put_in_order(client: FlaskClient, answers: Answers) -> None:
    answers.by_method["order_rules"] = [RULE]
    answer = client.post("/api/v1/rules/order", json={"ids": [7]}, headers=token(client, "admin"))
    assert (answer.status_code, answer.json["items"][0]["id"]) == (200, 7)
    assert answers.last("order_rules")["command"]["ids"] == [7]


def test_A9_a_rule_not_saved_is_tried(client: FlaskClient, answers: Answers) -> None:
    answers.by_method["try_rule"] = REHEARSAL
    body = {"fields": {"name": "x", "criteria": {"priority": "high"}}, "days": 365}
    answer = client.post("/api/v1/rules/try", json=body, headers=token(client, "tom"))
    assert (answer.status_code, answer.json["count"]) == (200, 2)
    assert answers.last("try_rule")["question"] == body


def test_a_template_is_saved_and_previewed(client: FlaskClient, answers: Answers) -> None:
    answers.by_method |= {
        "save_template": TEMPLATE,
        "preview_template": {"subject": "a", "text": "b"},
    }
    anna = token(client, "anna")
    fields = {name: TEMPLATE[name] for name in ("name", "subject", "text")}
    assert client.post("/api/v1/templates", json=fields, headers=anna).status_code == 201
    assert answers.last("save_template")["command"]["fields"] == fields
    change = {"version": 1, "active": False}
    assert client.patch("/api/v1/templates/5", json=change, headers=anna).status_code == 200
    assert answers.last("save_template")["command"]["fields"] == {"active": False}
    question = {"number": 101, "text": "{{ case.number }}"}
    filled = client.post("/api/v1/templates/preview", json=question, headers=anna)
    assert (filled.status_code, filled.json) == (200, {"subject": "a", "text": "b"})


def test_a_working_calendar_is_saved(client: FlaskClient, answers: Answers) -> None:
    answers.by_method["save_calendar"] = CALENDAR
    admin = token(client, "admin")
    hours = [[["09:00", "12:00"]]] * 5 + [[], []]
    fields = {"name": "Office", "hours": hours, "closed_days": ["2026-12-24"], "country": "DE"}
    answer = client.post("/api/v1/calendars", json=fields, headers=admin)
    assert answer.status_code == 201, answer.text
    assert answers.last("save_calendar")["command"]["fields"] == fields
    answer = client.post("/api/v1/calendars", json={**fields, "hours": hours[:6]}, headers=admin)
    assert (answer.status_code, answer.json["field"]) == (422, "hours")
