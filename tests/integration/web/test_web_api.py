"""The API over the real cases service: what a program does with cases."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests
from support.system import PASSWORD, Api, RunningSystem, wait_for


def new_case(api: Api, **fields: Any) -> dict[str, Any]:
    return dict(api.post("/cases", **{"subject": "Printer on fire", **fields}))


def test_the_administrator_signs_in_and_is_known(api: Api) -> None:
    me = api.get("/me")
    assert (me["login"], me["role"]) == ("admin", "admin")


def test_K1_a_case_is_opened_found_and_read(api: Api) -> None:
    partner = api.post("/partners", name="Acme", contacts=[{"address": "maria@acme.example"}])
    made = new_case(
        api,
        subject="Smoke from the plotter",
        section="Support",
        responsible="admin",
        partner="acme",
        estimated_revenue="12.50",
        state="open",
    )
    assert made["section"]["name"] == "Support" and made["responsible"]["id"] == 1
    assert made["partner"] == {"id": partner["id"], "name": "Acme"}
    found = api.get("/cases", q="plotter smoke", state="open,pending", responsible_id=1)
    assert [case["number"] for case in found["items"]] == [made["number"]]
    assert found["next"] is None
    read = api.get(f"/cases/{made['number']}")
    assert read["estimated_revenue"] == "12.50" and read["contact"]["address"].startswith("maria")
    assert [one["event_type"] for one in read["history"]] == ["case.created"]
    assert read["history"][0]["actor_name"] == "Administrator"


def test_K2_changes_moves_and_messages_are_in_the_history(api: Api) -> None:
    case = new_case(api, state="open")
    path = f"/cases/{case['number']}"
    case = api.patch(path, version=case["version"], priority="high", deadline="2030-01-01T00:00Z")
    case = api.post(f"{path}/messages", 201, kind="note", text="Look at it", minutes_spent=5)
    case = api.post(f"{path}/state", 200, version=case["version"], state="done")
    read = api.get(path)
    assert (read["state"], read["priority"]) == ("done", "high")
    assert [(m["kind"], m["text"], m["minutes_spent"]) for m in read["messages"]] == [
        ("note", "Look at it", 5)
    ]
    assert [one["event_type"] for one in read["history"]] == [
        "case.created",
        "case.updated",
        "case.message_added",
        "case.state_changed",
    ]


def test_K2_fields_and_state_go_in_one_change(api: Api) -> None:
    case = new_case(api, state="open")
    path = f"/cases/{case['number']}"
    closed = api.patch(path, version=1, priority="low", state="done")
    assert (closed["state"], closed["priority"], closed["version"]) == ("done", "low", 2)


def test_K2_a_stale_version_and_an_illegal_move_are_conflicts(api: Api) -> None:
    case = new_case(api, state="open")
    path = f"/cases/{case['number']}"
    api.patch(path, version=1, priority="high")
    problem = api.patch(path, 409, version=1, priority="low")
    assert (problem["current"], problem["title"]) == (2, "It was changed meanwhile")
    problem = api.post(f"{path}/state", 409, version=2, state="draft")
    assert "can become pending, done, cancelled" in problem["detail"]
    assert api.get(path)["priority"] == "high"


def test_K4_escalating_without_a_section_above_says_so(api: Api) -> None:
    case = new_case(api, section="Support")
    problem = api.post(f"/cases/{case['number']}/escalate", 422, version=1)
    assert problem["field"] == "section"


def test_the_same_key_opens_one_case(api: Api) -> None:
    header = {**token_header(api), "Idempotency-Key": "once"}
    body = {"subject": "Only once"}

    def create() -> int:
        while True:
            answer = requests.post(f"{api.base}/cases", json=body, headers=header, timeout=30)
            if answer.status_code != 409:  # the first is still in work
                return int(answer.json()["number"])
            assert int(answer.headers["Retry-After"]) > 0
            time.sleep(0.05)

    with ThreadPoolExecutor(4) as threads:
        numbers = set(threads.map(lambda _: create(), range(8)))
    assert len(numbers) == 1
    assert len(api.get("/cases", q="Only once")["items"]) == 1


def test_lists_go_on_from_their_cursor(api: Api) -> None:
    made = [new_case(api, subject=f"page {n}")["number"] for n in range(5)]
    seen: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        page = api.get("/cases", q="page", limit=2, **cursor)
        seen += [case["number"] for case in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == sorted(made, reverse=True)


def test_O3_a_user_gets_a_password_and_a_role(system: RunningSystem, api: Api) -> None:
    eve = api.post("/users", login="eve", name="Eve", password="first password", role="agent")
    assert "password" not in eve
    hers = Api(system.web).sign_in("eve", "first password")
    new_case(hers, subject="By Eve")
    hers.get("/accounts/incoming", 403)
    api.patch(f"/users/{eve['id']}", version=eve["version"], password="second password")
    hers.get("/me", 401)
    hers.sign_in("eve", "second password")
    problem = api.patch(f"/users/{eve['id']}", 409, version=99, name="Eva")
    assert problem["current"] < 99


def test_categories_and_kinds_are_data(api: Api) -> None:
    hardware = api.post("/categories", name="Hardware")
    printer = api.post("/categories", name="Printer", parent_id=hardware["id"])
    assert printer["path"] == "Hardware / Printer"
    api.post("/kinds", code="visit", name="Visit", dated=True)
    case = new_case(api, category="hardware / printer", kind="visit", start="2030-01-01T08:00Z")
    assert (case["category"]["name"], case["kind"]) == ("Hardware / Printer", "visit")


def test_a_service_away_is_503_with_retry_after(system: RunningSystem, api: Api) -> None:
    header = token_header(api)
    began = time.monotonic()
    answer = requests.get(f"{api.base}/reports", headers=header, timeout=30)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert time.monotonic() - began < 5
    system.kill("cases")
    try:
        answer = requests.get(f"{api.base}/cases", headers=header, timeout=30)
        assert answer.status_code == 503 and "cases" in answer.json()["detail"]
        page = requests.get(f"{system.web}/sign-in", timeout=30)
        assert page.status_code == 200
    finally:
        system.start_service("cases")
        system.wait_until_ready("cases")
    wait_for(
        lambda: requests.get(f"{api.base}/cases", headers=header, timeout=30).ok,
        "an answer of cases",
    )


def test_O1_requests_are_measured_by_their_route(system: RunningSystem, api: Api) -> None:
    case = new_case(api)
    api.get(f"/cases/{case['number']}")
    route = "/api/v1/cases/<int:number>"
    name = "casewire_web_request_seconds_count"
    assert system.metric("web", name, route=route, method="GET", status="200") >= 1


def token_header(api: Api) -> dict[str, str]:
    """A token of the administrator's, for asking without the checks of Api."""
    token = api.post("/tokens", 201, name="admin", password=PASSWORD)["token"]
    return {"Authorization": f"Bearer {token}"}
