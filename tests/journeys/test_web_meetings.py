"""A meeting from the form to the partner's calendar and back (C1, C3, C6).

Screenshots go to build/screenshots/.
"""

from __future__ import annotations

import base64
import email
import email.policy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from builders.mail_program import new_mail
from icalendar import Calendar, Event
from playwright.sync_api import Browser, Page, expect
from support.browser import SIZES, Visitor, signed_in, without_script
from support.smtp_peer import SmtpPeer
from support.system import RunningSystem, wait_for

SUPPORT, ANN = "support@ours.example", "ann@blue.example"
BERLIN = ZoneInfo("Europe/Berlin")
# A Wednesday soon, with no change of summer time in the two weeks behind it.
FIRST = (datetime.now(UTC) + timedelta(days=21)).replace(hour=13, minute=0, second=0, microsecond=0)
FIRST += timedelta(days=(2 - FIRST.weekday()) % 7)
while (FIRST + timedelta(days=14)).astimezone(BERLIN).dst() != FIRST.astimezone(BERLIN).dst():
    FIRST += timedelta(days=7)


@pytest.fixture(scope="module")
def peer(whole_system: RunningSystem) -> Iterator[SmtpPeer]:
    """A server that takes our mails, and the accounts that they go out and come in by."""
    made = SmtpPeer()
    made.start()
    api = whole_system.api()
    section = api.get("/sections/1")
    api.patch("/sections/1", version=section["version"], reply_address=SUPPORT)
    api.post("/accounts/incoming", name="pipe", protocol="pipe", address=SUPPORT)
    api.post("/accounts/incoming/pipe/approve", 204)
    api.post("/accounts/outgoing", **made.account(address=SUPPORT))
    api.post("/accounts/outgoing/out/approve", 204)
    yield made
    made.stop()


def invitation(peer: SmtpPeer, place: int) -> tuple[EmailMessage, list[Event]]:
    """The mail to Ann at this place among all with a meeting, and what its meeting says."""

    def all_of_them() -> list[EmailMessage]:
        mails = [m for m in peer.mails if ANN in m.recipients]
        parsed = [email.message_from_bytes(m.raw, policy=email.policy.default) for m in mails]
        return [cast(EmailMessage, m) for m in parsed if _part(m) is not None]

    wait_for(lambda: len(all_of_them()) > place, f"mail {place} with a meeting", 30)
    mail = all_of_them()[place]
    content = _part(mail)
    assert content is not None
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    return mail, [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]


def _part(mail: Any) -> bytes | None:
    found = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    return found[0].get_payload(decode=True) if found else None


def reply(event: Event, answer: str, subject: str) -> bytes:
    """An answer as Outlook sends it: its calendar part in base64, without our number."""
    lines = [
        *("BEGIN:VCALENDAR", "METHOD:REPLY", "PRODID:Microsoft Exchange Server 2010"),
        *("VERSION:2.0", "BEGIN:VEVENT", f"ATTENDEE;PARTSTAT={answer};CN=Ann:MAILTO:{ANN}"),
        *(f"UID:{event['UID']}", f"SEQUENCE:{event['SEQUENCE']}"),
        *("DTSTAMP:20261120T080000Z", "END:VEVENT", "END:VCALENDAR", ""),
    ]
    mail = new_mail(f"Ann Partner <{ANN}>", SUPPORT, subject, "\n")
    mail.add_alternative(
        "\r\n".join(lines), subtype="calendar", cte="base64", params={"method": "REPLY"}
    )
    assert base64.b64encode(b"BEGIN:VCAL")[:8] in mail.as_bytes()
    return mail.as_bytes()


def make_weekly(page: Page) -> int:
    """Make the meeting in the form; its case's number."""
    page.goto("/new-case")
    page.get_by_label("Subject").fill("Look at the belt")
    page.get_by_label("Contact address").fill(ANN)
    page.get_by_label("Kind", exact=True).select_option(label="Meeting")
    page.get_by_label("Start", exact=True).fill(f"{FIRST:%Y-%m-%dT%H:%M}")
    page.get_by_label("or minutes it takes").fill("90")
    page.get_by_label("Repeats").select_option(label="Every week")
    page.get_by_label("Wednesday").check(force=True)
    page.get_by_label("how many times").fill("8")
    page.get_by_label("On the clock of").select_option("Europe/Berlin")
    expect(page.get_by_text("Every week on Wednesday, 8 times.")).to_be_visible()
    page.get_by_role("button", name="Open case").click()
    expect(page.get_by_role("heading", name="Look at the belt")).to_be_visible()
    return int(page.url.rpartition("/")[2].partition("?")[0])


def test_C1_C3_C6_a_meeting_goes_out_comes_back_moves_and_is_called_off(
    whole_system: RunningSystem, browser: Browser, peer: SmtpPeer
) -> None:
    visitor = signed_in(browser, whole_system.web)
    page, api = visitor.page, whole_system.api()
    number = make_weekly(page)
    meeting = page.locator("#meeting")
    expect(meeting).to_contain_text("Every week on Wednesday, 8 times")
    expect(meeting).to_contain_text(f"goes by mail to {ANN}")
    page.get_by_role("button", name="Send invitation").click()
    expect(meeting).to_contain_text("no answer yet")
    expect(page.get_by_role("button", name="Send invitation")).to_have_count(0)

    mail, (event,) = invitation(peer, 0)
    assert [one.get_content_type() for one in mail.walk()][1:] == [
        *("text/plain", "text/html", "text/calendar"),
    ]
    assert f"[{number}]" in mail["Subject"] and event["ORGANIZER"] == f"mailto:{SUPPORT}"
    assert event["ATTENDEE"] == f"mailto:{ANN}" and event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert event.start == FIRST and event["RRULE"]["COUNT"] == [8]
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"

    cases = len(api.get("/cases")["items"])
    assert whole_system.deliver(reply(event, "ACCEPTED", "Accepted: Look at the belt")) == 0
    wait_for(lambda: api.get(f"/cases/{number}")["attendees"][0]["answer"] == "accepted", "yes", 30)
    page.reload()
    expect(meeting).to_contain_text("Ann Partner: accepted,")
    expect(page.locator("#history")).to_contain_text("accepted the invitation")
    assert len(api.get("/cases")["items"]) == cases
    visitor.shot("meeting")

    second = FIRST + timedelta(days=7)
    page.get_by_text("Coming meetings").click()
    page.locator(".cw-coming li").nth(1).get_by_role("link").click()
    expect(page.get_by_label("This one", exact=True)).to_be_checked()
    visitor.shot("meeting-move")
    page.get_by_label("New start").fill(f"{second + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    page.get_by_label("New end").fill(f"{second + timedelta(hours=3):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator("#history")).to_contain_text("told of the change")
    mail, (moved,) = invitation(peer, 1)
    assert moved["RECURRENCE-ID"].dt.astimezone(UTC) == second
    assert moved.start == second + timedelta(hours=2)
    assert (moved["UID"], moved["SEQUENCE"]) == (event["UID"], 1)

    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Start", exact=True).fill(f"{FIRST - timedelta(hours=3):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Save", exact=True).click()
    mail, whole = invitation(peer, 2)
    assert (whole[0].start, whole[0]["SEQUENCE"]) == (FIRST - timedelta(hours=3), 2)
    assert whole[0].duration == timedelta(minutes=90)

    page.goto(f"/cases/{number}")
    page.get_by_role("button", name="Cancel", exact=True).click()
    mail, (off,) = invitation(peer, 3)
    part = next(one for one in mail.walk() if one.get_content_type() == "text/calendar")
    assert part.get_param("method") == "CANCEL" and off["STATUS"] == "CANCELLED"
    assert (off["UID"], off["SEQUENCE"]) == (event["UID"], 3)
    assert visitor.complaints == []


@pytest.mark.parametrize("size", SIZES)
def test_C1_the_form_of_a_series_at_both_widths(
    whole_system: RunningSystem, browser: Browser, size: str
) -> None:
    fields = {"kind": "meeting", "start": FIRST.isoformat(), "duration_minutes": 60}
    rule = {"recurrence": "FREQ=MONTHLY;BYMONTHDAY=1,15", "time_zone": "UTC"}
    kept_start = (FIRST + timedelta(days=40)).replace(day=15).isoformat()
    api = whole_system.api()
    kept = api.post("/cases", subject="By the month", **{**fields, "start": kept_start}, **rule)
    plain = api.post("/cases", subject="Once", **fields)
    visitor = Visitor(browser, whole_system.web, size)
    visitor.sign_in()
    page = visitor.page
    page.goto(f"/cases/{kept['number']}/edit")
    expect(page.get_by_text("This rule came from elsewhere")).to_be_visible()
    page.get_by_label("Subject").fill(f"Still by the month, {size}")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#meeting")).to_contain_text("By the rule FREQ=MONTHLY;BYMONTHDAY=1,15")

    page.goto(f"/cases/{plain['number']}/edit")
    page.get_by_label("All day").check()
    expect(page.get_by_label("Start", exact=True)).to_have_value(f"{FIRST:%Y-%m-%d}")
    page.get_by_label("End", exact=True).fill(f"{FIRST + timedelta(days=2):%Y-%m-%d}")
    page.get_by_label("Repeats").select_option(label="Every month, same day")
    page.get_by_label("Every", exact=True).fill("2")
    expect(page.locator("#repeat-words")).to_contain_text("Every 2 months on day")
    visitor.shot("meeting-form")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#meeting")).to_contain_text("Every 2 months on day")
    case = api.get(f"/cases/{plain['number']}")
    assert (case["all_day"], case["duration_minutes"]) == (True, 3 * 1440)
    assert visitor.complaints == []


def test_C1_the_form_works_without_script(whole_system: RunningSystem, browser: Browser) -> None:
    page = without_script(browser, whole_system.web)
    page.goto(f"/new-case?kind=leave&all_day=on&start={FIRST:%Y-%m-%d}&duration_minutes=2880")
    page.get_by_label("Subject").fill("Away")
    page.get_by_role("button", name="Open case").click()
    expect(page.locator("#meeting")).to_contain_text(f"{FIRST:%a} {FIRST.day} {FIRST:%b %Y} – ")
    page.goto(f"{page.url.partition('?')[0]}/meeting")
    page.get_by_label("Last day").fill(f"{FIRST + timedelta(days=4):%Y-%m-%d}")
    page.get_by_role("button", name="Move", exact=True).click()
    number = int(page.url.rpartition("/")[2].partition("#")[0])
    case = whole_system.api().get(f"/cases/{number}")
    assert (case["duration_minutes"], case["all_day"]) == (5 * 1440, True)


def test_C1_an_absence_is_drawn_as_one_and_a_click_leads_to_this_meeting(
    whole_system: RunningSystem, browser: Browser
) -> None:
    api = whole_system.api()
    day = FIRST.replace(hour=0)
    absent = {"kind": "leave", "start": day.isoformat(), "all_day": True, "duration_minutes": 2880}
    api.post("/cases", subject="Eve away", **absent)
    weekly = {"start": FIRST.isoformat(), "recurrence": "FREQ=WEEKLY", "duration_minutes": 60}
    number = api.post("/cases", subject="Stand-up", kind="meeting", **weekly)["number"]
    visitor = signed_in(browser, whole_system.web)
    page = visitor.page
    week = FIRST + timedelta(days=7)
    page.goto(f"/calendar?view=timeGridWeek&date={FIRST:%Y-%m-%d}")
    leave = page.locator(".fc-event.is-kind-leave", has_text="Eve away")
    expect(leave).to_be_visible()
    assert "repeating-linear-gradient" in leave.evaluate("e => getComputedStyle(e).backgroundImage")
    visitor.shot("calendar-leave")
    page.goto(f"/calendar?view=timeGridWeek&date={week:%Y-%m-%d}")
    page.locator(".fc-event", has_text="Stand-up").click()
    expect(page.locator("#meeting")).to_contain_text(f"{week:%a} {week.day} {week:%b %Y}, 13:00")
    page.get_by_role("link", name="Move this one", exact=True).click()
    page.get_by_role("button", name="Cancel the meeting").click()
    expect(page.locator("#meeting")).to_be_visible()
    held = api.get(f"/cases/{number}")["occurrences"]
    assert [one["cancelled"] for one in held] == [True]
    assert held[0]["original"] == f"{week:%Y-%m-%dT%H:%M:%SZ}"
    assert visitor.complaints == []
