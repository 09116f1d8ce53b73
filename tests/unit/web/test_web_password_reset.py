"""O3: a new password by mail: one answer for all, one use, half an hour, nothing kept in clear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select
from unit.web.web_bench import USERS, Answers, sign_in, token
from unit.web.web_visits import database_of, happened, post

from services.contracts.errors import ServiceAway
from services.contracts.mail import MailSend
from services.runtime.clock import now
from services.web.housekeeping import forget_what_is_old
from services.web.reset_mails import order_reset_mails
from services.web.reset_words import reset_words
from services.web.tables import password_resets
from services.web.wiring import EXTENSION

NEW = "quite another one"


class Desk:
    """Somebody who has forgotten his password, and the mails that are ordered for him."""

    def __init__(self, app: APIFlask, answers: Answers) -> None:
        self.app, self.answers = app, answers
        self.client = app.test_client()
        self.wiring = app.extensions[EXTENSION]
        answers.by_method["order_mail"] = None
        self.change(address="tom@ours.example", language="de")

    def change(self, **fields: Any) -> None:
        others = [user for user in USERS.values() if user["id"] != 3]
        self.answers.by_method["list_users"] = [*others, {**USERS[3], **fields}]
        self.wiring.directory._kept.clear()

    def ask(self, name: str) -> Any:
        return post(self.client, "/forgot-password", "/forgot-password", name=name)

    def mails(self) -> list[MailSend]:
        order_reset_mails(self.wiring)
        asked = [given for _, name, given in self.answers.asked if name == "order_mail"]
        return [MailSend.model_validate(given["order"]) for given in asked]

    def link(self, name: str = "tom") -> str:
        """The path of the link in the mail that comes of asking."""
        self.ask(name)
        found = re.search(r"http://127\.0\.0\.1:8000(/reset-password/\S+)", self.text())
        assert found is not None
        return found[1]

    def text(self) -> str:
        return self.mails()[-1].data.text

    def set(self, new: str = NEW, repeated: str | None = None) -> Any:
        form = {"new_password": new, "repeated": repeated or new}
        return post(self.client, "/reset-password", "/reset-password", **form)


@pytest.fixture
def desk(web: tuple[APIFlask, Answers]) -> Desk:
    return Desk(*web)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(now(), tick=False) as moved:
        yield moved


def test_O3_the_answer_is_the_same_whether_there_is_such_a_user_or_not(desk: Desk) -> None:
    pages = set()
    for name in ("tom", "nobody", "nobody@ours.example"):
        before = len(desk.answers.asked)
        answer = desk.ask(name)
        pages.add((answer.status_code, answer.text))
        # Nobody is looked up while he waits: the time tells nothing either.
        assert len(desk.answers.asked) == before
    assert len(pages) == 1
    assert [mail.data.to[0].address for mail in desk.mails()] == ["tom@ours.example"]


@pytest.mark.parametrize("name", ["tom", "TOM@ours.example"])
def test_O3_the_mail_is_an_automatic_one_in_the_users_language(desk: Desk, name: str) -> None:
    desk.ask(name)
    (order,) = desk.mails()
    mail = order.data
    assert (mail.purpose, mail.automatic, order.case_id) == ("account", True, None)
    assert mail.subject == "Ein neues Passwort für Casewire" and "30 Minuten" in mail.text
    assert (mail.sender.address, mail.to[0].name) == ("", "Tom Novak")
    assert desk.mails() == [order]


@pytest.mark.parametrize("language", ["en", "de", "fr-CH", "xx"])
def test_O3_the_words_can_be_filled_in_in_each_language(language: str) -> None:
    words = reset_words(language)
    filled = words.text.format(name="N", link="L", minutes=30, program="P", address="A")
    assert "L" in filled and "{" not in filled and words.subject


def test_O3_the_link_sets_a_password_once_and_ends_sessions_and_tokens(
    desk: Desk, client: FlaskClient
) -> None:
    sign_in(client)
    header = token(client, "tom")
    link = desk.link()
    followed = desk.client.get(link)
    assert (followed.status_code, followed.headers["Location"]) == (303, "/reset-password")
    assert followed.headers["Referrer-Policy"] == "no-referrer"
    assert desk.client.get("/reset-password").status_code == 200
    assert desk.set("short").status_code == 422
    assert desk.set(NEW, "something else").status_code == 422
    assert "Your new password is set" in desk.set().text
    assert client.get("/me").status_code == 303
    assert client.get("/api/v1/me", headers=header).status_code == 401
    assert sign_in(client) == 401
    assert sign_in(client, NEW) == 303
    assert "Password set by a link" in happened(client)
    assert "New password asked by mail" in happened(client)
    desk.client.get(link)
    over = desk.client.get("/reset-password")
    assert over.status_code == 410 and "This link is over" in over.text


def test_O3_looking_at_the_link_uses_nothing_up(desk: Desk) -> None:
    link = desk.link()
    for _ in range(3):  # as programs do that look into mails before people
        desk.app.test_client().get(link, follow_redirects=True)
    desk.client.get(link)
    assert "Your new password is set" in desk.set().text


def test_O3_a_link_ends_after_thirty_minutes(desk: Desk, clock: Any) -> None:
    desk.client.get(desk.link())
    page = desk.client.get("/reset-password")
    clock.shift(timedelta(minutes=29))
    assert desk.client.get("/reset-password").status_code == page.status_code == 200
    clock.shift(timedelta(minutes=1, seconds=1))
    assert desk.client.get("/reset-password").status_code == 410


def test_O3_a_used_link_ends_the_other_ones_of_its_user(desk: Desk) -> None:
    first, second = desk.link(), desk.link()
    desk.client.get(second)
    desk.set()
    desk.client.get(first)
    assert desk.client.get("/reset-password").status_code == 410


@pytest.mark.parametrize("key", ["", "guessed", "x" * 500])
def test_O3_a_guessed_link_opens_nothing(desk: Desk, key: str) -> None:
    desk.client.get(f"/reset-password/{key}")
    assert desk.client.get("/reset-password").status_code == 410


def test_O3_the_secret_of_the_link_is_kept_as_its_hash_alone(
    desk: Desk, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    link = desk.link()
    desk.client.get(link)
    secret = link.rpartition("/")[2]
    with database_of(desk.app).read() as connection:
        kept = str(connection.execute(select(password_resets)).all())
    told = capsys.readouterr()
    assert secret not in kept + caplog.text + told.out + told.err
    assert "/reset-password" not in desk.client.get("/sign-in").text


def test_O3_without_an_address_or_when_inactive_no_mail_is_ordered(desk: Desk) -> None:
    for fields in ({"address": None}, {"address": "tom@ours.example", "active": False}):
        desk.change(**fields)
        desk.ask("tom")
        assert desk.mails() == []


def test_O3_an_address_of_two_users_orders_no_mail(desk: Desk) -> None:
    listed = desk.answers.by_method["list_users"]
    desk.answers.by_method["list_users"] = [
        {**user, "address": "both@ours.example"} for user in listed
    ]
    desk.ask("both@ours.example")
    assert desk.mails() == []


def test_O3_one_user_gets_three_mails_an_hour_at_most(desk: Desk, clock: Any) -> None:
    for _ in range(5):
        desk.ask("tom")
    assert len(desk.mails()) == 3
    clock.shift(timedelta(hours=1, seconds=1))
    desk.ask("tom")
    assert len(desk.mails()) == 4


def test_O3_one_address_asks_twenty_times_an_hour_at_most(desk: Desk, clock: Any) -> None:
    assert {desk.ask(f"nobody {n}").status_code for n in range(20)} == {200}
    refused = desk.ask("tom")
    assert refused.status_code == 429 and "Try again in 60 minutes." in refused.text
    clock.shift(timedelta(hours=1, seconds=1))
    assert desk.ask("tom").status_code == 200


def test_O3_while_a_service_is_away_the_mail_waits(desk: Desk, clock: Any) -> None:
    desk.answers.by_method["order_mail"] = ServiceAway("mailgw", 5.0)
    desk.ask("tom")
    order_reset_mails(desk.wiring)
    desk.answers.by_method["order_mail"] = None
    assert order_reset_mails(desk.wiring) == 0  # another process may be at it
    clock.shift(timedelta(seconds=61))
    assert order_reset_mails(desk.wiring) == 1
    link = re.search(r"/reset-password/\S+", desk.text())
    assert link is not None
    desk.client.get(link[0])
    assert desk.client.get("/reset-password").status_code == 200


def test_O3_a_block_ends_with_a_new_password(desk: Desk, client: FlaskClient) -> None:
    for _ in range(6):
        sign_in(client, "wrong")
    assert sign_in(client) == 429
    desk.client.get(desk.link())
    desk.set()
    assert sign_in(client, NEW) == 303


def test_O3_what_is_old_is_forgotten(desk: Desk, clock: Any) -> None:
    desk.link()
    client = desk.app.test_client()
    sign_in(client, "wrong")
    sign_in(client)
    clock.shift(timedelta(days=179))
    forget_what_is_old(desk.wiring)
    sign_in(client)
    assert "Wrong name or password" in happened(client)
    clock.shift(timedelta(days=2))
    forget_what_is_old(desk.wiring)
    sign_in(client)
    assert "Wrong name or password" not in happened(client)
    with database_of(desk.app).read() as connection:
        assert connection.execute(select(password_resets)).all() == []
