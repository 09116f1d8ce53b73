"""C6: calendar feeds by secret address, read as other programs read them."""

from __future__ import annotations

import re
from typing import Any

import caldav
import pytest
from apiflask import APIFlask
from caldav.lib import vcal
from flask.testing import FlaskClient
from icalendar import Calendar
from unit.web.web_bench import Answers, csrf_of, sign_in

EVENT = {
    "number": 101,
    "version": 3,
    "subject": "Plan; the belt, with ünïcode\nand lines",
    "kind": "meeting",
    "state": "open",
    "start": "2027-02-01T09:00:00Z",
    "end": "2027-02-01T10:30:00Z",
    "responsible": {"id": 3, "name": "Tom Novak"},
}
OTHERS = [
    {**EVENT, "number": 102, "original": "2027-02-08T09:00:00Z", "subject": "Weekly"},
    {
        **EVENT,
        "number": 103,
        "all_day": True,
        "start": "2027-02-03T00:00:00Z",
        "end": "2027-02-05T00:00:00Z",
        "state": "cancelled",
    },
]


INVITED = {
    **EVENT,
    "number": 104,
    "section": {"id": 1, "name": "Support"},
    "original": "2027-02-08T09:00:00Z",
    "attendees": [
        {"address": "ann@blue.example", "name": "Ann", "answer": "accepted"},
        {
            "address": "carl@blue.example",
            "single": [{"original": "2027-02-08T09:00:00Z", "answer": "declined"}],
        },
    ],
}


@pytest.fixture
def answers(web: tuple[APIFlask, Answers]) -> Answers:
    web[1].by_method["list_events"] = {"items": [EVENT, *OTHERS]}
    return web[1]


def of(client: FlaskClient, name: str) -> FlaskClient:
    """A browser in which this user is signed in."""
    browser = client.application.test_client()
    sign_in(browser, name=name)
    return browser


def made(client: FlaskClient, whose: str = "company", name: str = "Work") -> str:
    """The path of a new feed of whoever is signed in."""
    csrf = csrf_of(client.get("/calendar/feeds").text)
    page = client.post("/calendar/feeds", data={"csrf_token": csrf, "whose": whose, "name": name})
    found = re.search(r'value="http://localhost(/calendar/feeds/[^"]+\.ics)"', page.text)
    assert found is not None, page.text
    return found[1]


def test_C6_a_feed_is_read_without_signing_in(client: FlaskClient, answers: Answers) -> None:
    path = made(of(client, "tom"), whose="3")
    answer = client.application.test_client().get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert answers.last("list_events")["question"]["responsible_ids"] == [3]
    calendar = Calendar.from_ical(answer.data)
    first, weekly, days = calendar.walk("VEVENT")
    assert str(first["summary"]) == "[101] Plan; the belt, with ünïcode\nand lines"
    assert first.decoded("dtstart").isoformat() == "2027-02-01T09:00:00+00:00"
    assert first["uid"] == "case-101@localhost" and str(first["url"]).endswith("/cases/101")
    assert weekly["uid"] == "case-102-20270208T090000Z@localhost"
    assert str(days.decoded("dtstart")) == "2027-02-03" and days["status"] == "CANCELLED"
    assert str(days.decoded("dtend")) == "2027-02-05"
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))


def test_C6_what_did_not_change_is_not_sent_again(client: FlaskClient, answers: Answers) -> None:
    path = made(of(client, "tom"))
    first = client.get(path)
    by_tag = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    by_date = client.get(path, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert (by_tag.status_code, by_date.status_code) == (304, 304)
    assert by_tag.data == b""
    answers.by_method["list_events"] = {"items": [{**EVENT, "version": 4}]}
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200 and again.headers["ETag"] != first.headers["ETag"]


def test_C6_an_ended_feed_and_a_guess_are_nothing(client: FlaskClient, answers: Answers) -> None:
    tom, anna = of(client, "tom"), of(client, "anna")
    path = made(tom)
    page = tom.get("/calendar/feeds").text
    assert path not in page and path[-10:-4] in page
    number = re.search(r"/calendar/feeds/(\d+)/revoke", page)
    assert number is not None
    assert _end(anna, number[1]) == 404 and client.get(path).status_code == 200
    assert _end(tom, number[1]) == 303
    assert client.get(path).status_code == 404
    assert client.get("/calendar/feeds/guessed.ics").status_code == 404


def _end(client: FlaskClient, number: str) -> int:
    csrf = csrf_of(client.get("/calendar/feeds").text)
    data = {"csrf_token": csrf}
    return client.post(f"/calendar/feeds/{number}/revoke", data=data).status_code


def test_C6_a_feed_shows_what_its_user_may_see_while_he_is_there(
    client: FlaskClient, answers: Answers
) -> None:
    path = made(of(client, "nora"))
    stranger = client.application.test_client()
    assert stranger.get(path).status_code == 200
    assert answers.last("list_events")["question"]["cases"]["asker_id"] == 5
    users: Any = answers.by_method["get_user"]
    answers.by_method["get_user"] = lambda id: {**users(id), "active": False}
    client.application.extensions["casewire"].directory._kept.clear()
    assert stranger.get(path).status_code == 404


def test_C6_a_feed_needs_a_name(client: FlaskClient, answers: Answers) -> None:
    tom = of(client, "tom")
    csrf = csrf_of(tom.get("/calendar/feeds").text)
    page = tom.post("/calendar/feeds", data={"csrf_token": csrf, "name": " "})
    assert page.status_code == 422 and "give it a name" in page.text.lower()


def test_C6_attendees_stand_in_it_with_their_answers(client: FlaskClient, answers: Answers) -> None:
    answers.by_method["list_events"] = {"items": [INVITED, EVENT, *OTHERS]}
    section = {"id": 1, "name": "Support", "reply_address": "support@ours.example"}
    answers.by_method["list_sections"] = [section]
    text = client.get(made(of(client, "tom"))).text
    # What a CalDAV client mends is what is against RFC 5545: there is nothing.
    assert vcal.fix(text).split("\n") == text.replace("\r\n", "\n").split("\n")
    single = [
        vobject for vobject in Calendar.from_ical(text).walk("VEVENT") if "ATTENDEE" in vobject
    ]
    (event,) = single
    assert event["ORGANIZER"] == "mailto:support@ours.example"
    found = {str(one): one.params["PARTSTAT"] for one in event["ATTENDEE"]}
    assert found == {
        "mailto:ann@blue.example": "ACCEPTED",
        "mailto:carl@blue.example": "DECLINED",
    }
    alone = Calendar()
    alone.add("version", "2.0")
    alone.add("prodid", "x")
    alone.add_component(event)
    as_read = caldav.Event(data=alone.to_ical())
    assert str(as_read.icalendar_component["UID"]).startswith("case-104-20270208T090000Z@")
