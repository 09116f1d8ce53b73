"""O3: the pages of webhooks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from support.webhook_receiver import WebhookReceiver, receiving
from unit.web.web_bench import bench, csrf_of, sign_in
from unit.web.webhook_builders import case_event

from services.web.access.limits import limiter
from services.web.tables import webhooks
from services.web.webhooks.take_in import take_in
from services.web.wiring import EXTENSION, Wiring


class Desk:
    """The browser of the administrator."""

    def __init__(self, folder: Path, networks: str) -> None:
        app, _ = bench(folder, web_webhook_networks=networks)
        limiter.reset()
        self.wiring: Wiring = app.extensions[EXTENSION]
        self.client: FlaskClient = app.test_client()
        assert sign_in(self.client, name="admin") == 303
        self.key = csrf_of(self.client.get("/webhooks/new").text)

    def post(self, path: str, **form: Any) -> Any:
        data = {"csrf_token": self.key, **form}
        return self.client.post(f"/webhooks{path}", data=data)

    def add(self, **form: Any) -> Any:
        usual = {
            "name": "Billing",
            "address": "https://billing.example/",
            "event_types": ["case.created", "case.updated"],
            "active": "on",
        }
        return self.post("/new", **{**usual, **form})

    def page(self, path: str = "/1") -> str:
        answer = self.client.get(f"/webhooks{path}")
        assert answer.status_code == 200
        return answer.text


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, "127.0.0.0/8")


@pytest.fixture
def receiver() -> Any:
    with receiving() as made:
        yield made


def test_O3_the_empty_page_says_what_to_do(desk: Desk) -> None:
    assert "Add the first." in desk.page("")


def test_O3_a_new_webhook_shows_its_secret_once(desk: Desk) -> None:
    made = desk.add()
    assert made.status_code == 200
    found = re.search(r'value="(whsec_[^"]+)"', made.text)
    assert found is not None
    assert found[1] not in desk.page() and "whsec_" not in desk.page()
    assert "Billing" in desk.page("")


def test_O3_a_form_that_will_not_do_keeps_what_was_written(desk: Desk) -> None:
    answer = desk.add(address="https://10.1.1.1/", name="Kept")
    assert answer.status_code == 422
    assert "10.1.1.1 is no public address" in answer.text and 'value="Kept"' in answer.text
    assert desk.add(event_types=[]).status_code == 422
    assert desk.add(address="").status_code == 422
    assert "No webhooks yet" in desk.page("")


def test_O3_a_change_on_an_older_version_is_told(desk: Desk) -> None:
    desk.add()
    form = {"address": "https://b.example/", "event_types": ["case.created"]}
    assert desk.post("/1", name="One", version="1", **form).status_code == 303
    late = desk.post("/1", name="Two", version="1", **form)
    assert late.status_code == 409 and "was changed meanwhile" in late.text
    assert desk.post("/1", name="Two", version="2", **form).status_code == 303
    assert "switched off" in desk.page(), "the tick was not in the form"


def test_O3_a_test_is_sent_from_the_page(desk: Desk, receiver: WebhookReceiver) -> None:
    desk.add(address=receiver.address)
    assert "The test has arrived: it answers 204." in desk.post("/1/test").text
    receiver.answer = lambda _: 503
    assert "it answers 503 Service Unavailable." in desk.post("/1/test").text
    assert len(receiver.received) == 2


def test_O3_deliveries_stand_on_the_page_and_are_sent_again(desk: Desk) -> None:
    desk.add()
    take_in(desk.wiring.database, [case_event() for _ in range(51)])
    page = desk.page()
    assert page.count("Send now") == 50 and "before=2" in page
    assert desk.page("/1?before=2").count("Send now") == 1
    assert "Nothing here" in desk.page("/1?status=delivered")
    assert desk.post("/1/deliveries/1/again").status_code == 303
    assert desk.post("/1/deliveries/99/again").status_code == 404


def test_O3_a_webhook_that_is_off_or_rests_says_why(desk: Desk) -> None:
    desk.add()
    off = update(webhooks).values(active=False, off_reason="gone", last_error="it answers 410 Gone")
    with desk.wiring.database.write() as connection:
        connection.execute(off)
    assert "The receiver answered 410" in desk.page()
    refused = desk.post("/1/deliveries/1/again")
    assert refused.status_code == 404
    take = {"address": "https://b.example/", "event_types": ["case.created"], "active": "on"}
    assert desk.post("/1", name="One", version="1", **take).status_code == 303
    assert "The receiver answered 410" not in desk.page()


def test_O3_a_new_secret_is_shown_once(desk: Desk) -> None:
    desk.add()
    answer = desk.post("/1/secret", version="1")
    assert "whsec_" in answer.text and "whsec_" not in desk.page()
    assert desk.post("/1/secret", version="1").status_code == 409


def test_O3_a_webhook_is_deleted_once_asked(desk: Desk) -> None:
    desk.add()
    assert "Delete Billing?" in desk.page("/1/delete")
    assert desk.post("/1/delete").status_code == 303
    assert desk.client.get("/webhooks/1").status_code == 404


def test_O3_the_menu_leads_there_for_administrators_only(desk: Desk) -> None:
    assert 'href="/webhooks"' in desk.page("")
    other = desk.client.application.test_client()
    assert sign_in(other, name="anna") == 303
    assert 'href="/webhooks"' not in other.get("/partners").text
    assert other.get("/webhooks").status_code == 403
