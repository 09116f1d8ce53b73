"""Issue 5 point 7: the desk is for people, from a fresh system on, however they read and work.

The first two tests need the system as it is made; then it is filled, for those that follow.
Screenshots go to build/screenshots/.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from support.accessible import all_faults
from support.browser import EVERY_SIZE, LOOKS, SIZES, Visitor, signed_in
from support.full_desk import LETTER, FullDesk, furnish, pages_of
from support.keyboard import press, tab_to, write
from support.smtp_peer import SmtpPeer
from support.system import RunningSystem, wait_for

EMPTY = {
    "/cases": "No cases yet",
    "/cases/board": "No cases yet",
    "/cases/graph": "No cases yet",
    "/partners": "No partners yet",
    "/categories": "No categories yet",
    "/partner-categories": "No categories yet",
    "/rules": "No rules yet",
    "/templates": "No templates yet",
    "/calendars": "No working calendars yet",
    "/report": "Nothing to report",
    "/gradings": "Nobody is graded yet",
    "/mails": "No mail has come in yet",
    "/outgoing-mails": "Nothing waits",
    "/filters": "No saved filters yet",
    "/calendar/feeds": "No feeds yet",
    "/quality-actions": "Nothing is due",
    "/partners?q=nobody": "No partner fits",
    "/mails?q=nothing": "No mail fits",
}


@pytest.fixture(scope="module")
def desk(whole_system: RunningSystem, peer: SmtpPeer) -> FullDesk:
    return furnish(whole_system, peer)


def test_every_empty_page_says_what_to_do_next(
    whole_system: RunningSystem, browser: Browser
) -> None:
    visitor = signed_in(browser, whole_system.web)
    page, wrong = visitor.page, {}
    for address, title in EMPTY.items():
        page.goto(address)
        place = page.locator(".cw-empty").first
        told = place.locator("h2").all_inner_texts()
        ways = place.locator("a, code, button").count()
        if told != [title] or not ways:
            wrong[address] = (told, ways)
    assert wrong == {}
    assert visitor.complaints == []


# What scripts draw is there, too: a calendar has this week's meetings.
DRAWN = "!document.getElementById('calendar') || document.querySelector('#calendar .fc-event')"


def step(page: Page, name: str) -> Locator:
    return page.locator(f'[data-step="{name}"]')


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_first_steps_stand_at_every_width(
    whole_system: RunningSystem, browser: Browser, size: str, scheme: str
) -> None:
    visitor = Visitor(browser, whole_system.web, size, scheme)
    visitor.sign_in()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("First steps")
    visitor.shot("first-steps")
    assert visitor.complaints == []


def test_a_fresh_system_is_led_to_its_first_mail(
    whole_system: RunningSystem, browser: Browser, peer: SmtpPeer
) -> None:
    visitor = signed_in(browser, whole_system.web)
    page = visitor.page
    follow(page, "address")
    page.get_by_label("Mail address").fill("admin@ours.example")
    save(page)
    follow(page, "reply_address")
    page.get_by_label("Reply address").fill("support@ours.example")
    save(page)
    follow(page, "people")
    page.get_by_label("Name", exact=True).fill("Tom Novak")
    page.get_by_label("Signs in as").fill("tom")
    page.get_by_label("Password").fill("a password of his")
    save(page)
    follow(page, "outgoing")
    page.get_by_label("Name", exact=True).fill("first-way-out")
    page.get_by_label("Server", exact=True).fill("127.0.0.1")
    page.get_by_label("Port").fill(str(peer.port))
    page.get_by_label("Encryption").select_option("none")
    page.get_by_label("Mail address").fill("support@ours.example")
    save(page)
    page.get_by_role("button", name="Approve").click()
    follow(page, "incoming")
    page.get_by_label("Name", exact=True).fill("first-way-in")
    page.get_by_label("Mails come by").select_option("pipe")
    page.get_by_label("Mail address").fill("support@ours.example")
    save(page)
    page.get_by_role("button", name="Confirm").click()
    page.goto("/")
    expect(step(page, "case")).to_have_class(re.compile("is-next"))
    assert whole_system.deliver(LETTER.replace(b"<smoke@", b"<first@")) == 0
    # The page looks by itself.
    expect(page.get_by_role("status").filter(has_text="The first case is here")).to_be_visible()
    expect(page.locator(".cw-step.is-done")).to_have_count(6)
    visitor.shot("first-steps-done")
    page.get_by_role("link", name="The printer smokes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The printer smokes")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Active cases")
    assert visitor.complaints == []


def follow(page: Page, name: str) -> None:
    """From home to the form of the step that is the next one."""
    page.goto("/")
    expect(step(page, name)).to_have_attribute("aria-current", "step")
    step(page, name).get_by_role("link").click()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".cw-field .cw-wrong")).to_have_count(0)
    page.wait_for_load_state()


def test_the_look_for_faults_finds_them(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(
        "<!doctype html><html lang=en><title>Bad</title><style>button {outline: 0 !important;"
        " border: 0; color: #bbb; background: #fff; width: 9px; padding: 0}"
        " .over {position: fixed; inset: 0 0 50% 0; background: #000}</style>"
        "<main><button>Light</button><button>Next</button><img src=x></main><div class=over></div>"
    )
    found = " ".join(all_faults(page))
    for fault in ("color-contrast", "image-alt", "target-size", "no visible focus", "hidden when"):
        assert fault in found, fault
    page.close()


PARTS = 3  # so that none takes long


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("size", SIZES)
def test_no_page_has_a_grave_fault_by_light_or_dark(
    desk: FullDesk, browser: Browser, size: str, part: int
) -> None:
    visitor = Visitor(browser, desk.system.web, size)
    page, wrong = visitor.page, {}
    visitor.sign_in()
    for name, address in list(pages_of(desk).items())[part::PARTS]:
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, name
        page.wait_for_function(DRAWN)
        # The dark differs by its colours alone, which are the same at every width.
        dark = EVERY_SIZE or size == "desk"
        wrong[name] = all_faults(page, with_navigation=name == "list", dark=dark)
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize("size", SIZES)
def test_nothing_that_opens_has_a_grave_fault_nor_what_is_seen_without_signing_in(
    desk: FullDesk, browser: Browser, size: str
) -> None:
    visitor = Visitor(browser, desk.system.web, size)
    page, wrong = visitor.page, {}

    def look(name: str) -> None:
        if found := all_faults(page, with_navigation=False):
            wrong[name] = found

    for address in ("/sign-in", "/forgot-password", "/reset-password", desk.portal):
        page.goto(address)
        look(address)
    visitor.sign_in()
    _what_opens(desk, page, look)
    assert wrong == {}


def _what_opens(desk: FullDesk, page: Page, look: Callable[[str], None]) -> None:
    """Pop-overs, dialogs and fields in place are looked at while they are open."""
    page.goto("/cases")
    page.get_by_text("Columns", exact=True).click()
    look("columns")
    page.get_by_label(re.compile("^Case ")).first.check()
    look("bulk")
    page.goto("/cases")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    look("keys")
    page.goto("/cases/board?tag=full")
    page.locator(".cw-card-menu > summary").first.click()
    look("card-menu")
    for field in ("responsible_id", "priority", "deadline", "partner"):
        page.goto(f"/cases/{desk.case}/fields/{field}")
        look(f"field-{field}")
    page.goto(f"/cases/{desk.case}")
    opened = "document.querySelectorAll('{}').forEach((one) => (one.open = true))"
    page.evaluate(opened.format("main details:not(.cw-pop)"))
    page.wait_for_load_state("networkidle")
    look("case-opened")
    page.evaluate(opened.format(".cw-answers"))
    page.wait_for_load_state("networkidle")
    look("answers")
    page.goto("/calendar")
    page.evaluate("document.getElementById('scope').showModal()")
    look("calendar-dialog")


def test_the_main_job_is_done_by_keyboard_alone(desk: FullDesk, browser: Browser) -> None:
    visitor = Visitor(browser, desk.system.web, "desk")
    page, api = visitor.page, desk.system.api()
    page.goto("/")
    write(page, page.get_by_label("Name"), "eve")
    write(page, page.get_by_label("Password"), "a password of hers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")
    page.keyboard.press("/")
    page.keyboard.type("everything")
    expect(page).to_have_url(re.compile("q=everything"))
    expect(page.locator(".cw-cases tbody tr")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A repair with everything on it")
    page.keyboard.press("r")
    page.keyboard.type("We have put a new roller in.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".cw-entry", has_text="We have put a new roller in")).to_be_visible()
    press(page, page.locator("#open-priority"))
    field = page.locator("form[data-place] select")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    wait_for(lambda: api.get(f"/cases/{desk.case}")["priority"] == "high", "the priority")
    expect(page.locator("#open-priority")).to_be_focused()
    press(page, page.get_by_role("button", name="Done", exact=True))
    wait_for(lambda: api.get(f"/cases/{desk.case}")["state"] == "done", "the end of the case")
    press(page, page.locator(".cw-neighbours-list"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Active cases")
    assert visitor.complaints == []


def test_a_meeting_is_made_and_moved_by_keyboard_alone(desk: FullDesk, browser: Browser) -> None:
    visitor = signed_in(browser, desk.system.web)
    page, api = visitor.page, desk.system.api()
    page.goto("/calendar?date=2027-02-01")
    press(page, page.get_by_role("link", name="New meeting"))
    write(page, page.get_by_label("Subject"), "Made by key")
    write(page, page.get_by_label("Start"), "02012027")  # as the browser has it, by month first
    page.keyboard.press("ArrowRight")
    page.keyboard.type("0900AM")
    press(page, page.get_by_role("button", name="Open case"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Made by key")
    number = int(page.url.rpartition("/")[2])
    assert api.get(f"/cases/{number}")["start"] == "2027-02-01T09:00:00Z"
    page.goto("/calendar?view=timeGridWeek&date=2027-02-01")
    made = page.locator(f'a.fc-event[href="/cases/{number}"]')
    tab_to(page, made)
    # Faster than each step is saved.
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowUp"):
        page.keyboard.press(f"Shift+{key}")
    start = "2027-02-02T09:30:00Z"
    wait_for(lambda: api.get(f"/cases/{number}")["start"] == start, start)
    expect(made).to_be_focused()
    expect(page.locator("#calendar-moved")).to_contain_text("Tuesday")
    assert visitor.complaints == []


def test_what_takes_longer_than_a_second_shows_it_and_is_sent_once(
    desk: FullDesk, browser: Browser
) -> None:
    visitor = signed_in(browser, desk.system.web)
    page = visitor.page
    bar = page.get_by_role("progressbar", name="One moment …")
    page.goto("/cases")
    _slow(page, "**/cases?*")
    page.get_by_label("Search").fill("belt")
    _shown_and_gone(page, bar)
    page.goto("/calendar")
    _slow(page, "**/calendar/events*")
    page.get_by_title("Next week").click()
    _shown_and_gone(page, bar)
    page.goto("/report")
    _slow(page, "**/report.csv*")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
        _shown_and_gone(page, bar)
    assert download.value.suggested_filename.endswith(".csv")
    page.goto(f"/cases/{desk.meeting}")
    sent = _slow(page, "**/messages")
    page.get_by_label("Your answer").fill("Only once, please.")
    page.evaluate(SEEN)
    for _ in range(3):
        page.keyboard.press("Control+Enter")
    expect(page.locator(".cw-entry", has_text="Only once, please.")).to_have_count(1)
    assert len(sent) == 1
    assert page.evaluate("sessionStorage.seen") == "yes"
    assert visitor.complaints == []


# While a page is left only the page itself can look.
SEEN = """() => new MutationObserver(() => {
  if (!document.querySelector('.cw-progress').hidden) sessionStorage.seen = 'yes';
}).observe(document.querySelector('.cw-progress'), { attributes: true })"""


def _slow(page: Page, address: str) -> list[str]:
    """From now on this takes 1.6 seconds; what was asked of it."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        page.wait_for_timeout(1600)
        route.continue_()

    page.route(address, answer)
    return asked


def _shown_and_gone(page: Page, bar: Locator) -> None:
    expect(bar).to_be_visible()
    expect(page.locator("#main")).to_have_attribute("aria-busy", "true")
    expect(bar).to_be_hidden()
    expect(page.locator("#main")).not_to_have_attribute("aria-busy", "true")
