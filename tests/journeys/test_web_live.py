"""C3, C4: pages that stay fresh while others work, and two people on one case who see each other.

Screenshots go to build/screenshots/.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from support.browser import SIZES, WIDE, Visitor
from support.system import PASSWORD, Api, RunningSystem

SOON, FEW_SECONDS = 2_000, 8_000  # milliseconds
Case = dict[str, Any]


@pytest.fixture(scope="module")
def bea(whole_system: RunningSystem) -> Api:
    """The API as Bea uses it, an agent who sees everything."""
    api = whole_system.api()
    api.post("/users", login="bea", name="Bea Baker", password=PASSWORD, role="agent")
    return Api(whole_system.web).sign_in("bea")


@pytest.fixture
def come(whole_system: RunningSystem, browser: Browser) -> Callable[..., Visitor]:
    """Somebody signs in, in a browser of his own."""

    def signed_in(size: str, name: str = "admin", scheme: str = "light") -> Visitor:
        visitor = Visitor(browser, whole_system.web, size, scheme)
        visitor.sign_in(name)
        return visitor

    return signed_in


def streams(page: Page) -> None:
    """Wait until the page has its stream."""
    expect(page.locator("html")).to_have_attribute("data-live", "yes")


def note(api: Api, number: int, text: str) -> None:
    api.post(f"/cases/{number}/messages", text=text, kind="note")


@pytest.mark.parametrize("size", WIDE)
def test_C3_the_open_case_takes_in_what_another_does_and_keeps_what_is_typed(
    bea: Api, come: Callable[..., Visitor], size: str
) -> None:
    case = bea.post("/cases", subject=f"Two at work {size}", state="open")
    visitor = come(size)
    page, number = visitor.page, case["number"]
    page.goto(f"/cases/{number}")
    streams(page)
    note(bea, number, "The belt is on its way.")
    expect(page.get_by_text("The belt is on its way.")).to_be_visible(timeout=SOON)
    expect(page.locator("#case-news")).to_contain_text("Bea Baker left a note just now.")

    page.get_by_label("Your answer").fill("Half a sent")
    note(bea, number, "It has arrived.")
    button = page.get_by_role("button", name="Show it")
    expect(button).to_be_visible(timeout=SOON)
    expect(page.get_by_text("It has arrived.")).to_be_hidden()
    visitor.shot("live-case")
    page.get_by_label("Your answer").press_sequentially("ence")
    button.click()
    expect(page.get_by_text("It has arrived.")).to_be_visible()
    expect(page.get_by_label("Your answer")).to_have_value("Half a sentence")
    page.locator(".cw-composer").get_by_role("button", name="Add note").click()
    expect(page.locator(".cw-thread")).to_contain_text("Half a sentence")
    assert visitor.complaints == []


@pytest.mark.parametrize("size", WIDE)
def test_C4_two_people_on_one_case_see_each_other(
    bea: Api, come: Callable[..., Visitor], size: str
) -> None:
    number = bea.post("/cases", subject=f"Both here {size}", state="open")["number"]
    mine, hers = come(size), come(size, "bea", "dark")
    mine.page.goto(f"/cases/{number}")
    streams(mine.page)
    hers.page.goto(f"/cases/{number}")
    expect(mine.page.get_by_text("Bea Baker is looking at this case")).to_be_visible()
    expect(hers.page.get_by_text("Administrator is looking at this case")).to_be_visible()
    hers.page.get_by_label("Your answer").press_sequentially("Dear")
    bea_there = mine.page.locator(".cw-present")
    expect(bea_there).to_contain_text("Bea Baker is writing an answer", timeout=FEW_SECONDS)
    mine.shot("live-presence")
    hers.page.get_by_label("Your answer").fill("")
    hers.page.get_by_role("link", name="Edit", exact=True).click()
    expect(bea_there).to_contain_text("Bea Baker is changing the fields", timeout=FEW_SECONDS)
    mine.page.get_by_label("Your answer").press_sequentially("I")
    expect(hers.page.get_by_text("Administrator is writing an answer")).to_be_visible()
    hers.shot("live-presence")
    hers.page.goto("/cases")
    expect(bea_there).to_have_count(0, timeout=FEW_SECONDS)
    assert mine.complaints == [] and hers.complaints == []


@pytest.mark.parametrize("size", SIZES)
def test_C4_the_list_is_fresh_and_nothing_moves_by_itself(
    bea: Api, come: Callable[..., Visitor], size: str
) -> None:
    made = [bea.post("/cases", subject=f"{size} {n}", state="open", tags=[size]) for n in range(3)]
    visitor = come(size)
    page = visitor.page
    page.goto(f"/cases?tag={size}&sort=newest")
    rows = page.locator(".cw-cases tbody tr")
    expect(rows).to_have_count(3)
    streams(page)
    first = made[0]
    bea.patch(f"/cases/{first['number']}", version=first["version"], subject="Another subject")
    expect(page.get_by_role("link", name="Another subject")).to_be_visible(timeout=SOON + 500)
    page.locator(f'input[value="{made[1]["number"]}"][name="number"]').check()
    bea.post("/cases", subject=f"{size} new", state="open", tags=[size])
    button = page.get_by_role("button", name="1 case changed · Show")
    expect(button).to_be_visible(timeout=20_000)
    expect(rows).to_have_count(3)
    visitor.shot("live-list")
    button.click()
    expect(rows).to_have_count(4)
    expect(page.get_by_role("checkbox", name=f"Case {made[1]['number']}")).to_be_checked()
    expect(button).to_be_hidden()
    assert visitor.complaints == []


def test_C3_one_stream_serves_all_tabs_of_a_browser(
    whole_system: RunningSystem, bea: Api, come: Callable[..., Visitor]
) -> None:
    case = bea.post("/cases", subject="In three tabs", state="open")
    visitor = come("desk")
    tabs = [visitor.page, *(visitor.page.context.new_page() for _ in range(2))]
    asked: list[str] = []
    for tab in tabs:
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(f"/cases/{case['number']}")
        streams(tab)
    assert len([url for url in asked if "/live?" in url]) == 1
    tabs[0].close()  # it had the stream; another takes over, and misses nothing
    note(bea, case["number"], "Told to all.")
    for tab in tabs[1:]:
        tab.bring_to_front()
        expect(tab.get_by_text("Told to all.")).to_be_visible(timeout=8_000)


def test_C3_the_calendar_shows_within_two_seconds_what_another_makes(
    bea: Api, come: Callable[..., Visitor]
) -> None:
    page = come("desk").page
    asked: list[str] = []
    page.goto("/calendar?view=timeGridWeek&date=2027-04-05")
    streams(page)
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2_500)
    assert asked == []  # it waits to be told
    start = datetime(2027, 4, 6, 9, tzinfo=UTC).isoformat()
    meeting = {"kind": "meeting", "start": start, "duration_minutes": 60}
    bea.post("/cases", subject="Seen at once", state="open", **meeting)
    expect(page.locator(".fc-event", has_text="Seen at once")).to_be_visible(timeout=SOON)


def test_C3_without_a_stream_pages_ask_now_and_then(bea: Api, come: Callable[..., Visitor]) -> None:
    case = bea.post("/cases", subject="No stream", state="open")
    page = come("desk").page
    page.route("**/live?*", lambda route: route.fulfill(status=503))
    page.goto(f"/cases/{case['number']}")
    expect(page.locator("html")).to_have_attribute("data-live", "no")
    note(bea, case["number"], "Late but here.")
    expect(page.get_by_text("Late but here.")).to_be_visible(timeout=25_000)


@pytest.mark.parametrize("size", WIDE)
def test_K2_each_field_that_both_changed_shows_both_versions_to_choose_from(
    bea: Api, come: Callable[..., Visitor], size: str
) -> None:
    case = bea.post("/cases", subject="First words", state="open")
    visitor = come(size)
    page = visitor.page
    page.goto(f"/cases/{case['number']}/edit")
    streams(page)
    page.get_by_label("Subject").fill("My words")
    page.get_by_label("Priority", exact=True).select_option("low")
    hers = {"subject": "Bea's words", "priority": "high"}
    bea.patch(f"/cases/{case['number']}", version=case["version"], **hers)
    expect(page.get_by_text("Bea Baker changed the case just now.")).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Save").click()
    subject, priority = (page.locator(f'[data-of="{one}"]') for one in ("subject", "priority"))
    expect(subject).to_contain_text("My words")
    expect(subject).to_contain_text("By Bea Baker")
    expect(priority.get_by_label("By Bea Baker")).not_to_be_checked()
    priority.get_by_label("By Bea Baker").check()
    expect(page.get_by_label("Priority", exact=True)).to_have_value("high")
    visitor.shot("live-conflict")
    page.get_by_role("button", name="Save on top").click()
    expect(page.get_by_role("heading", name="My words")).to_be_visible()
    after = bea.get(f"/cases/{case['number']}")
    assert (after["subject"], after["priority"]) == ("My words", "high")
    assert visitor.complaints == []
