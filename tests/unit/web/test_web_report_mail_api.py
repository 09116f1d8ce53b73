"""R3: programs set, change and send reports that are mailed, within the bounds of their user."""

from __future__ import annotations

from typing import Any

from unit.web.report_mail_bench import NORA, QUESTION, TOM, Desk
from unit.web.web_bench import token

from services.contracts.errors import InvalidRequest

MAILS = "/api/v1/report-mails"
NEW = {"name": "Team", "question": f"{QUESTION}&page=2", "rhythm": "weekly", "hour": 7}


def ask(
    desk: Desk, login: str, method: str, path: str = "", *, expected: int = 200, **body: Any
) -> Any:
    client = desk.app.test_client()
    how: dict[str, Any] = {"json": body} if body else {}
    answer = client.open(MAILS + path, method=method, headers=token(client, login), **how)
    assert answer.status_code == expected, answer.text
    return answer.json if answer.data else None


def test_R3_a_program_sets_changes_sends_and_deletes_one(desk: Desk) -> None:
    made = ask(desk, "tom", "POST", expected=201, **NEW)
    assert made["question"] == f"as=report&{QUESTION}"
    assert (made["user_id"], made["recipients"], made["problem"]) == (TOM, [], "")
    assert ask(desk, "tom", "GET", "/1") == made
    changed = ask(desk, "tom", "PATCH", "/1", version=1, hour=9)
    assert (changed["hour"], changed["name"], changed["version"]) == (9, "Team", 2)
    ask(desk, "tom", "PATCH", "/1", expected=409, version=1, hour=9)
    ask(desk, "tom", "POST", "/1/send", expected=204)
    assert [to.address for to in desk.orders[0].data.to] == ["tom@ours.example"]
    assert ask(desk, "tom", "GET", "/1")["last_sent_at"] is not None
    ask(desk, "tom", "DELETE", "/1", expected=204)
    assert ask(desk, "tom", "GET")["items"] == []


def test_R3_O3_the_api_keeps_to_the_same_bounds(desk: Desk) -> None:
    others = {"recipients": ["boss@partner.example"]}
    refused = ask(desk, "tom", "POST", expected=422, **NEW, **others)
    assert refused["field"] == "recipients"
    desk.add(TOM)
    desk.add(NORA)
    assert [len(ask(desk, name, "GET")["items"]) for name in ("anna", "tom", "nora", "rita")] == [
        *(2, 1, 1, 0)
    ]
    for method, path in (("GET", "/1"), ("DELETE", "/1"), ("POST", "/1/send")):
        ask(desk, "nora", method, path, expected=404)
    ask(desk, "nora", "PATCH", "/1", expected=404, version=1, name="x")
    ask(desk, "anna", "PATCH", "/1", expected=422, version=1, **others)


def test_R3_a_program_is_told_what_is_refused_in_english(desk: Desk) -> None:
    desk.change_user(TOM, language="de")
    desk.add(TOM)
    desk.answers.by_method["report"] = InvalidRequest("date_to", "must lie in the years 1 to 2")
    refused = ask(desk, "tom", "POST", "/1/send", expected=422)
    assert (refused["field"], desk.orders) == ("date_to", [])
    assert "must lie in the years 1 to 2" in str(refused)
