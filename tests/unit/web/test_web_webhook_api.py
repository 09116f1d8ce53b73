"""O3: webhooks by the API: set, tested, renewed, listed and sent again by administrators."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from support.webhook_receiver import WebhookReceiver, receiving
from unit.web.web_bench import bench, token
from unit.web.webhook_builders import case_event

from services.web.access.limits import limiter
from services.web.webhooks.happened import body_of
from services.web.webhooks.take_in import take_in
from services.web.wiring import EXTENSION, Wiring

HOOKS = "/api/v1/webhooks"
NEW = {"name": "Billing", "address": "https://billing.example/", "event_types": ["case.updated"]}


class Bench:
    """A gateway that may deliver to this machine, and its administrator."""

    def __init__(self, app: APIFlask) -> None:
        self.app = app
        limiter.reset()
        self.client: FlaskClient = app.test_client()
        self.header = token(self.client, "admin")

    @property
    def wiring(self) -> Wiring:
        found = self.app.extensions[EXTENSION]
        assert isinstance(found, Wiring)
        return found

    def ask(self, method: str, path: str = "", expected: int = 200, **body: Any) -> Any:
        how: dict[str, Any] = {"json": body} if body else {}
        answer = self.client.open(HOOKS + path, method=method, headers=self.header, **how)
        assert answer.status_code == expected, answer.text
        return answer.json if answer.data else None

    def add(self, **fields: Any) -> Any:
        return self.ask("POST", expected=201, **{**NEW, **fields})


@pytest.fixture
def local(tmp_path: Path) -> Bench:
    return Bench(bench(tmp_path, web_webhook_networks="127.0.0.0/8")[0])


@pytest.fixture
def public(tmp_path: Path) -> Bench:
    return Bench(bench(tmp_path)[0])


@pytest.fixture
def receiver() -> Any:
    with receiving() as made:
        yield made


def test_O3_the_secret_is_answered_once(public: Bench) -> None:
    made = public.add(section_id=2)
    assert made["secret"].startswith("whsec_")
    read = public.ask("GET", f"/{made['id']}")
    assert {name: value for name, value in made.items() if name != "secret"} == read
    assert (read["section_id"], read["active"], read["version"]) == (2, True, 1)
    assert public.ask("GET")["items"] == [read]
    renewed = public.ask("POST", f"/{made['id']}/secret", version=1)
    assert renewed["secret"] != made["secret"] and renewed["version"] == 2
    public.ask("POST", f"/{made['id']}/secret", 409, version=1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"address": "http://billing.example/"}, "address"),
        ({"address": "https://10.0.0.1/"}, "address"),
        ({"address": "https://tom:x@billing.example/"}, "address"),
        ({"address": "ftp://billing.example/"}, "address"),
        ({"event_types": []}, "event_types"),
        ({"event_types": ["case.forgotten"]}, "event_types.0"),
        ({"section_id": 99}, "section_id"),
        ({"name": " "}, "name"),
        ({"secret": "whsec_mine"}, "secret"),
    ],
)
def test_O3_what_will_not_do_is_a_problem_that_names_the_field(
    public: Bench, wrong: dict[str, Any], field: str
) -> None:
    problem = public.ask("POST", expected=422, **{**NEW, **wrong})
    assert problem["field"].startswith(field.partition(".")[0])
    assert problem["status"] == 422
    assert public.ask("GET")["items"] == []


def test_O3_a_change_names_the_version_it_is_made_on(public: Bench) -> None:
    made = public.add()
    changed = public.ask("PATCH", f"/{made['id']}", version=1, active=False, section_id=1)
    assert (changed["active"], changed["section_id"], changed["name"]) == (False, 1, "Billing")
    problem = public.ask("PATCH", f"/{made['id']}", 409, version=1, name="x")
    assert problem["current"] == 2
    public.ask("PATCH", f"/{made['id']}", 422, version=2, address="https://192.168.0.1/")
    changed = public.ask("PATCH", f"/{made['id']}", version=2, section_id=None)
    assert changed["section_id"] is None


def test_O3_what_is_deleted_is_gone(public: Bench) -> None:
    made = public.add()
    public.ask("DELETE", f"/{made['id']}", 204)
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/test"), ("GET", "/deliveries")):
        public.ask(method, f"/{made['id']}{path}", 404)


def test_O3_a_test_is_sent_at_once_and_told(local: Bench, receiver: WebhookReceiver) -> None:
    made = local.add(address=receiver.address, active=False)
    assert local.ask("POST", f"/{made['id']}/test") == {"ok": True, "why": ""}
    (came,) = receiver.received
    assert came.is_signed_by(made["secret"])
    assert (came.told["type"], came.told["data"]["webhook"]) == ("webhook.test", "Billing")
    receiver.answer = lambda _: 500
    told = local.ask("POST", f"/{made['id']}/test")
    assert told == {"ok": False, "why": "it answers 500 Internal Server Error"}
    assert local.ask("GET", f"/{made['id']}")["failures"] == 0
    listed = local.ask("GET", f"/{made['id']}/deliveries")["items"]
    assert [one["status"] for one in listed] == ["given_up", "delivered"]


def test_O3_an_inner_address_that_a_name_stands_for_is_not_asked(public: Bench) -> None:
    made = public.add(address="https://localhost:1/")
    told = public.ask("POST", f"/{made['id']}/test")
    assert told["ok"] is False and "no public address" in told["why"]


def test_O3_deliveries_are_listed_by_page_and_shown_whole(local: Bench) -> None:
    made = local.add()
    events = [case_event() for _ in range(5)]
    take_in(local.wiring.database, [*events])
    path = f"/{made['id']}/deliveries"
    first = local.ask("GET", f"{path}?limit=3")
    rest = local.ask("GET", f"{path}?limit=3&cursor={first['next']}")
    ids = [one["message_id"] for one in (*first["items"], *rest["items"])]
    assert ids == [one.id for one in reversed(events)]
    assert rest["next"] is None
    assert local.ask("GET", f"{path}?status=delivered")["items"] == []
    local.ask("GET", f"{path}?cursor=nonsense", 422)
    whole = local.ask("GET", f"{path}/{first['items'][0]['id']}")
    assert whole["body"] == body_of(events[-1])
    local.ask("GET", f"{path}/999", 404)


def test_O3_a_delivery_is_sent_again_under_its_id(local: Bench, receiver: WebhookReceiver) -> None:
    made = local.add(address=receiver.address)
    take_in(local.wiring.database, [case_event()])
    path = f"/{made['id']}/deliveries"
    (waiting,) = local.ask("GET", path)["items"]
    again = local.ask("POST", f"{path}/{waiting['id']}/again")
    assert (again["status"], again["message_id"]) == ("waiting", waiting["message_id"])
    assert "body" not in again
    local.ask("PATCH", f"/{made['id']}", version=1, active=False)
    refused = local.ask("POST", f"{path}/{waiting['id']}/again", 422)
    assert refused["detail"].endswith("switch the webhook on first")


@pytest.mark.parametrize("login", ["anna", "tom", "rita"])
def test_O3_webhooks_are_for_administrators(public: Bench, login: str) -> None:
    made = public.add()
    header = token(public.client, login)
    for path in ("", f"/{made['id']}", f"/{made['id']}/deliveries"):
        assert public.client.get(HOOKS + path, headers=header).status_code == 403


def test_O3_the_document_says_what_is_posted(public: Bench) -> None:
    document = public.client.get("/api/v1/openapi.json").json
    schema = {
        "$ref": "#/components/schemas/WebhookEvent",
        "components": document["components"],
    }
    sent = case_event("case.state_changed", state_before="open")
    jsonschema_rs.validate(schema, json.loads(body_of(sent)))
