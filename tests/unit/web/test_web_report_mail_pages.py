"""R3: setting, changing and sending reports that are mailed, by their pages."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from unit.web.report_mail_bench import ANNA, NORA, QUESTION, TOM, Desk
from unit.web.web_bench import csrf_of, sign_in

from services.web.report_mails.store import MOST_OF_ONE_USER

FORM = {
    **{"name": "Team", "question": QUESTION, "recipients": "", "rhythm": "weekly"},
    **{"weekday": "4", "month_day": "31", "hour": "7", "active": "on"},
}


def visit(desk: Desk, name: str) -> FlaskClient:
    client = desk.app.test_client()
    assert sign_in(client, name=name) == 303
    return client


def post(client: FlaskClient, path: str, **form: Any) -> Any:
    key = csrf_of(client.get("/report/mails/new").text)
    return client.post(f"/report/mails{path}", data={**form, "csrf_token": key})


def test_R3_a_report_is_set_to_be_mailed_from_its_page(desk: Desk) -> None:
    client = visit(desk, "anna")
    page = client.get(f"/report?{QUESTION}").text
    address = page.partition('href="/report/mails/new?')[2].partition('"')[0]
    assert "question=as%3Dreport" in address
    form = client.get(f"/report/mails/new?{address.replace('&amp;', '&')}").text
    kept = form.partition('name="question" value="')[2].partition('"')[0].replace("&amp;", "&")
    assert "column=state" in kept and "shape=stacked" in kept
    answer = post(client, "/new", **FORM | {"question": kept, "recipients": "a@b.example, c@d.e"})
    assert answer.status_code == 303
    page = client.get("/report/mails").text
    assert "Every Friday at 07:00" in page and "a@b.example" in page and "c@d.e" in page
    found = client.get("/report/mails/1").text
    assert "<textarea" in found and "a@b.example\nc@d.e" in found


def test_R3_it_is_changed_paused_and_deleted(desk: Desk) -> None:
    one, client = desk.add(), visit(desk, "anna")
    changed = post(client, "/1", **FORM | {"version": "1", "rhythm": "monthly", "name": "M"})
    assert changed.status_code == 303
    assert "On day 31 of every month at 07:00" in client.get("/report/mails").text
    late = post(client, "/1", **FORM | {"version": "1"})
    assert late.status_code == 409 and "replaces what the other did" in late.text
    assert post(client, "/1/pause", version="2").status_code == 303
    assert desk.look(one).active is False
    desk.let_come(one)
    assert desk.send() == 0
    assert post(client, "/1/pause", version="3").status_code == 303
    assert desk.look(one).active is True and desk.send() == 0  # its turn is to come
    assert "Delete M?" in client.get("/report/mails/1/delete").text
    assert post(client, "/1/delete").status_code == 303
    assert client.get("/report/mails/1").status_code == 404


@pytest.mark.parametrize("name", ["tom", "rita"])
def test_R3_O3_who_is_no_manager_sends_to_himself_alone(desk: Desk, name: str) -> None:
    client = visit(desk, name)
    assert "<textarea" not in client.get("/report/mails/new").text
    refused = post(client, "/new", **FORM | {"recipients": "boss@partner.example"})
    assert refused.status_code == 422
    assert "Only a manager may have it sent to others." in refused.text
    assert post(client, "/new", **FORM | {"recipients": f"{name.upper()}@ours.example"})
    assert post(client, "/new", **FORM).status_code == 303
    assert post(client, "/1/send").status_code == 200
    assert [to.address.lower() for to in desk.orders[0].data.to] == [f"{name}@ours.example"]


def test_R3_O3_managers_see_all_and_others_their_own(desk: Desk) -> None:
    for user_id in (ANNA, TOM, NORA):
        desk.add(user_id, name=f"of {user_id}")
    seen = {}
    for name in ("admin", "anna", "tom", "rita", "nora"):
        page = visit(desk, name).get("/report/mails").text
        seen[name] = [n for n in (ANNA, TOM, NORA) if f"of {n}<" in page]
    # Nora is a manager, but sees her sections alone: she is not shown what others see.
    assert seen == {
        **{"admin": [ANNA, TOM, NORA], "anna": [ANNA, TOM, NORA]},
        **{"tom": [TOM], "rita": [], "nora": [NORA]},
    }


@pytest.mark.parametrize("name", ["tom", "nora"])
def test_R3_O3_what_is_not_ones_own_is_not_there(desk: Desk, name: str) -> None:
    desk.add(ANNA)
    client = visit(desk, name)
    assert client.get("/report/mails/1").status_code == 404
    assert client.get("/report/mails/1/delete").status_code == 404
    for path in ("/1", "/1/pause", "/1/send", "/1/delete"):
        assert post(client, path, **FORM | {"version": "1"}).status_code == 404
    assert desk.orders == [] and len(desk.look(desk.add(ANNA)).name) == 4


def test_R3_O3_a_manager_sends_no_agents_report_to_others(desk: Desk) -> None:
    desk.add(TOM)
    client = visit(desk, "anna")
    refused = post(client, "/1", **FORM | {"version": "1", "recipients": "anna@ours.example"})
    assert refused.status_code == 422
    assert post(client, "/1", **FORM | {"version": "1", "name": "Named"}).status_code == 303
    assert "Named" in client.get("/report/mails").text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", " ", "This is needed."),
        ("recipients", "nobody", "is no mail address"),
        ("recipients", "\n".join(f"a{n}@b.example" for n in range(21)), "At most 20 addresses."),
        ("rhythm", "hourly", "Choose one of the list."),
        ("hour", "24", "A number from 0 to 23, please."),
        ("month_day", "32", "A number from 1 to 31, please."),
    ],
)
def test_R3_what_cannot_be_is_refused_at_its_field(
    desk: Desk, field: str, value: str, words: str
) -> None:
    answer = post(visit(desk, "anna"), "/new", **FORM | {field: value})
    assert answer.status_code == 422 and words in answer.text


def test_R3_sent_twice_by_one_form_it_is_ordered_under_one_id(desk: Desk) -> None:
    desk.add()
    client = visit(desk, "anna")
    for key in ("one", "one", "two"):
        post(client, "/1/send", idempotency_key=key)
    ids = [order.id for order in desk.orders]
    assert ids[0] == ids[1] != ids[2]


def test_R3_what_cannot_be_sent_says_why(desk: Desk) -> None:
    desk.add(TOM)
    desk.change_user(TOM, active=False)
    answer = post(visit(desk, "admin"), "/1/send")
    assert answer.status_code == 409 and "Its owner is no longer active." in answer.text
    assert desk.orders == []


def test_R3_one_user_has_so_many_and_no_more(desk: Desk) -> None:
    for _ in range(MOST_OF_ONE_USER):
        desk.add()
    answer = post(visit(desk, "anna"), "/new", **FORM)
    assert answer.status_code == 422 and "delete one first" in answer.text
