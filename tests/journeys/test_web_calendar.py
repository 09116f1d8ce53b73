"""A week in the calendar: moved under the mouse, kept right by the services (C1-C5).

Screenshots go to build/screenshots/.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from support.browser import SIZES, Visitor, signed_in
from support.system import Api, RunningSystem, wait_for

MONDAY = datetime(2027, 2, 1, tzinfo=UTC)  # the administrator's clock shows UTC
WEEK = "/calendar?view=timeGridWeek&date=2027-02-01"


@pytest.fixture
def meeting(whole_system: RunningSystem) -> Callable[..., dict[str, Any]]:
    api = whole_system.api()

    def make(subject: str, start: datetime, **more: Any) -> dict[str, Any]:
        fields = {"kind": "meeting", "start": start.isoformat(), "duration_minutes": 60, **more}
        made: dict[str, Any] = api.post("/cases", subject=subject, state="open", **fields)
        return made

    return make


def at(hour: int, day: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour)


def event(page: Page, subject: str) -> Locator:
    return page.locator(".fc-event", has_text=subject)


def drag(page: Page, what: Locator, hours: float, from_the_foot: bool = False) -> None:
    """With the mouse, as a hand does: down, a little, further, up. Half an hour is one slot."""
    expect(what).to_be_visible()
    page.wait_for_timeout(500)  # what was just moved is drawn anew
    what.scroll_into_view_if_needed()
    box = what.bounding_box()
    slot = page.locator(".fc-timegrid-slot-lane").first.bounding_box()
    assert box is not None and slot is not None
    x = box["x"] + box["width"] / 2
    y = box["y"] + (box["height"] - 2 if from_the_foot else 8)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 5, steps=3)
    page.mouse.move(x, y + hours * 2 * slot["height"], steps=12)
    page.mouse.up()


def case_is(api: Api, number: int, **expected: Any) -> None:
    """Once the case has these values; raises AssertionError when that does not come about."""

    def right() -> bool:
        case = api.get(f"/cases/{number}")
        return all(case[name] == value for name, value in expected.items())

    wait_for(right, f"{expected} of case {number}", 15)


def test_C1_C3_a_meeting_is_dragged_and_stretched(
    whole_system: RunningSystem, browser: Browser, meeting: Callable[..., dict[str, Any]]
) -> None:
    number = meeting("Plan the belt", at(9))["number"]
    visitor = signed_in(browser, whole_system.web)
    page, api = visitor.page, whole_system.api()
    page.goto(WEEK)
    drag(page, event(page, "Plan the belt"), 2)
    case_is(api, number, start="2027-02-01T11:00:00Z", duration_minutes=60)
    drag(page, event(page, "Plan the belt"), 1, from_the_foot=True)
    case_is(api, number, start="2027-02-01T11:00:00Z", duration_minutes=120)
    history = api.get(f"/cases/{number}")["history"]
    assert history[-1]["actor_name"] and history[-1]["changes"][0]["field"] == "duration_minutes"
    assert visitor.complaints == []


def test_C3_a_conflicting_drag_goes_back_and_says_who_was_faster(
    whole_system: RunningSystem, browser: Browser, meeting: Callable[..., dict[str, Any]]
) -> None:
    made = meeting("Contested", at(9, 1))
    visitor = signed_in(browser, whole_system.web)
    page, api = visitor.page, whole_system.api()
    page.goto(WEEK)
    expect(event(page, "Contested")).to_be_visible()
    # The page's own look for changes must not be faster than the hand.
    page.route("**/calendar/events*", lambda route: route.abort())
    api.patch(f"/cases/{made['number']}", version=made["version"], priority="high")
    drag(page, event(page, "Contested"), 2)
    expect(page.get_by_text("Administrator has changed this case meanwhile")).to_be_visible()
    page.unroute("**/calendar/events*")
    page.reload()
    assert api.get(f"/cases/{made['number']}")["start"] == "2027-02-02T09:00:00Z"
    expect(event(page, "Contested")).to_contain_text("09:00")


def test_C3_one_of_a_series_is_moved_alone(
    whole_system: RunningSystem, browser: Browser, meeting: Callable[..., dict[str, Any]]
) -> None:
    number = meeting("Weekly", at(9, 2), recurrence="FREQ=WEEKLY;BYDAY=WE")["number"]
    visitor = signed_in(browser, whole_system.web)
    page, api = visitor.page, whole_system.api()
    page.goto(WEEK.replace("02-01", "02-08"))
    drag(page, event(page, "Weekly"), 3)
    expect(page.get_by_role("heading", name="This is one of a series")).to_be_visible()
    visitor.shot("calendar-series")
    page.get_by_role("button", name="This one").click()
    moved = {"original": "2027-02-10T09:00:00Z", "start": "2027-02-10T12:00:00Z"}
    case_is(api, number, occurrences=[{**moved, "duration_minutes": 60, "cancelled": False}])
    page.get_by_title("Next week").click()
    expect(event(page, "Weekly")).to_contain_text("09:00")
    assert visitor.complaints == []


def test_C3_a_drag_over_free_time_opens_a_case(
    whole_system: RunningSystem, browser: Browser
) -> None:
    visitor = signed_in(browser, whole_system.web)
    page = visitor.page
    page.goto(WEEK)
    lane = page.locator('.fc-timegrid-slot-lane[data-time="14:00:00"]').bounding_box()
    friday = page.locator('.fc-timegrid-col[data-date="2027-02-05"]').bounding_box()
    assert lane is not None and friday is not None
    x = friday["x"] + friday["width"] / 2
    page.mouse.move(x, lane["y"] + 3)
    page.mouse.down()
    page.mouse.move(x, lane["y"] + 3 * lane["height"] + 3, steps=10)
    page.mouse.up()
    expect(page.get_by_label("Start")).to_have_value("2027-02-05T14:00")
    page.get_by_label("Subject").fill("Made by the mouse")
    page.get_by_label("Repeats").select_option(label="Every week")
    page.get_by_role("button", name="Open case").click()
    expect(page.get_by_role("heading", name="Made by the mouse")).to_be_visible()
    expect(page.get_by_text("Every week")).to_be_visible()
    page.goto(WEEK.replace("02-01", "02-15"))
    expect(event(page, "Made by the mouse")).to_contain_text("14:00 - 16:00")


@pytest.mark.parametrize("size", SIZES)
def test_C2_C4_C5_people_filters_and_views(
    whole_system: RunningSystem,
    browser: Browser,
    meeting: Callable[..., dict[str, Any]],
    size: str,
) -> None:
    api = whole_system.api()
    eve = api.post(
        "/users", login=f"eve-{size}", name=f"Eve {size}", address=f"{size}@ours.example"
    )
    meeting(f"Hers {size}", at(10, 3), responsible=f"eve-{size}")
    meeting(f"Nobody's {size}", at(12, 3))
    meeting(f"Fair {size}", at(0, 3), all_day=True)
    visitor = Visitor(browser, whole_system.web, size)
    visitor.sign_in()
    page = visitor.page
    page.goto(WEEK)
    for subject in (f"Hers {size}", f"Nobody's {size}", f"Fair {size}"):
        expect(event(page, subject)).to_be_visible()
    visitor.shot("calendar")
    page.get_by_label(f"Eve {size}").check()
    expect(event(page, f"Nobody's {size}")).to_be_hidden()
    expect(event(page, f"Hers {size}")).to_be_visible()
    assert f"who={eve['id']}" in page.url
    page.goto(page.url)
    expect(event(page, f"Hers {size}")).to_be_visible()
    page.get_by_role("link", name="List", exact=True).click()
    expect(page.locator(".cw-cases tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Calendar", exact=True).click()
    expect(page.locator("#calendar .fc-toolbar-title")).to_be_visible()
    page.goto("/calendar?view=dayGridMonth&date=2027-02-01")
    expect(event(page, f"Fair {size}")).to_be_visible()
    visitor.shot("calendar-month")
    page.get_by_label("Search").fill(f"hers {size}")
    expect(event(page, f"Fair {size}")).to_be_hidden()
    assert visitor.complaints == []


def test_C3_what_another_changes_is_seen_without_reload(
    whole_system: RunningSystem, browser: Browser, meeting: Callable[..., dict[str, Any]]
) -> None:
    visitor = signed_in(browser, whole_system.web)
    page = visitor.page
    page.goto(WEEK.replace("02-01", "03-01"))
    expect(page.locator(".fc-timegrid-slot-lane").first).to_be_visible()
    meeting("Come late", at(9, 28))
    expect(event(page, "Come late")).to_be_visible(timeout=6_000)
