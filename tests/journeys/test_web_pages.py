"""A day at the helpdesk in a real browser, at a desk (1280 px) and on a telephone (390 px).

Screenshots go to build/screenshots/.
"""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, expect
from support.browser import SIZES, Visitor
from support.system import RunningSystem, wait_for

from services.web.clients.directory import KEPT_SECONDS

MAIL = b"""\
From: Maria Keller <maria@acme.example>
To: support@ours.example
Cc: boss@acme.example
Subject: Belt 2 stands still
Message-ID: <first@acme.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: text/html; charset=utf-8

<p>Hello, <b>belt 2</b> stands still.</p><img src="https://tracker.example/x.png">
<script>document.title = "owned"</script>
--outer
Content-Type: text/html; name="page.html"
Content-Disposition: attachment; filename="page.html"

<script>alert(1)</script>
--outer--
"""


@pytest.mark.parametrize("size", SIZES)
def test_K3_a_case_from_opening_to_done(
    whole_system: RunningSystem, browser: Browser, size: str
) -> None:
    api = whole_system.api()
    partner = f"Acme {size}"
    api.post("/partners", name=partner, contacts=[{"address": f"maria@{size}.example"}])
    visitor = Visitor(browser, whole_system.web, size)
    visitor.sign_in()
    page = visitor.page
    page.goto("/new-case")
    page.get_by_label("Subject").fill("The label printer stops")
    page.get_by_label("Description").fill("After two pages.")
    page.get_by_label("Partner").fill(partner)
    visitor.shot("new-case")
    page.get_by_role("button", name="Open case").click()
    expect(page.get_by_role("heading", name="The label printer stops")).to_be_visible()
    expect(page.locator(".cw-state")).to_have_text("Open")

    page.get_by_label("Your answer").fill("Please clean the roller.\nThen try again.")
    page.get_by_label("Minutes spent").fill("10")
    page.get_by_role("button", name="Send reply").click()
    reply = page.locator(".cw-entry.is-out")
    expect(reply).to_contain_text("Please clean the roller.")
    expect(reply).to_contain_text("10 min")

    page.locator(".cw-composer").get_by_text("Internal note").click()
    page.get_by_label("Your answer").fill("Same as last year.")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".cw-entry.is-note")).to_contain_text("Same as last year.")

    page.locator(".cw-moves").get_by_role("button", name="Done").click()
    expect(page.locator(".cw-state")).to_have_text("Done")
    history = page.locator("#history")
    expect(history).to_contain_text("Administrator opened the case")
    expect(history).to_contain_text("replied")
    expect(history.locator(".cw-change").first).to_have_text("State Open becomes Done")
    visitor.shot("case")
    assert visitor.complaints == []


@pytest.mark.parametrize("size", SIZES)
def test_K2_two_change_a_case_at_once(
    whole_system: RunningSystem, browser: Browser, size: str
) -> None:
    api = whole_system.api()
    case = api.post("/cases", subject="Two at once", state="open")
    visitor = Visitor(browser, whole_system.web, size)
    visitor.sign_in()
    page = visitor.page
    page.goto(f"/cases/{case['number']}")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Subject").fill("My new words")
    api.patch(f"/cases/{case['number']}", version=case["version"], priority="high")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Somebody was faster.")).to_be_visible()
    expect(page.get_by_label("Subject")).to_have_value("My new words")
    expect(page.get_by_label("Priority", exact=True)).to_have_value("high")
    visitor.shot("conflict")
    page.get_by_role("button", name="Save on top").click()
    expect(page.get_by_role("heading", name="My new words")).to_be_visible()
    after = api.get(f"/cases/{case['number']}")
    assert (after["subject"], after["priority"]) == ("My new words", "high")
    assert visitor.complaints == []


def test_a_strangers_mail_is_shown_without_harm(
    whole_system: RunningSystem, browser: Browser
) -> None:
    assert whole_system.deliver(MAIL) == 0
    api = whole_system.api()
    found = wait_for(lambda: api.get("/cases", q="Belt 2 stands")["items"], "the case of the mail")
    visitor = Visitor(browser, whole_system.web, "desk")
    visitor.sign_in()
    page = visitor.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/cases/{found[0]['number']}")
    page.get_by_text("Formatted", exact=True).click()
    expect(page.locator(".cw-html b")).to_have_text("belt 2")
    visitor.shot("case-by-mail")
    assert "owned" not in page.title()
    assert [url for url in asked if not url.startswith(whole_system.web)] == []
    with page.expect_download() as download:
        page.get_by_role("link", name="page.html").click()
    assert download.value.suggested_filename == "page.html"
    assert visitor.complaints == []


@pytest.mark.parametrize("size", SIZES)
def test_the_list_is_filtered_in_place_and_in_the_address(
    whole_system: RunningSystem, browser: Browser, size: str
) -> None:
    api = whole_system.api()
    for subject, state in (("Needle one", "open"), ("Needle two", "pending"), ("Hay", "open")):
        api.post("/cases", subject=f"{subject} {size}", state=state)
    visitor = Visitor(browser, whole_system.web, size)
    visitor.sign_in()
    page = visitor.page
    page.get_by_label("Search").fill(f"needle {size}")
    rows = page.locator(".cw-cases tbody tr")
    expect(rows).to_have_count(2)
    page.locator(".cw-chip", has_text="Open").click()
    expect(rows).to_have_count(1)
    assert "state=pending" in page.url and "state=open" not in page.url
    assert "section_id" not in page.url
    shared = page.url
    visitor.shot("list-filtered")
    page.goto("/cases")
    page.goto(shared)
    expect(rows).to_have_count(1)
    rows.first.click()
    expect(page.get_by_role("heading", name=f"Needle two {size}")).to_be_visible()
    assert visitor.complaints == []


@pytest.mark.parametrize("away_seconds", [0, KEPT_SECONDS + 1], ids=["just now", "a while"])
def test_what_was_written_outlives_an_absent_service(
    whole_system: RunningSystem, browser: Browser, away_seconds: float
) -> None:
    case = whole_system.api().post("/cases", subject="While cases is away", state="open")
    visitor = Visitor(browser, whole_system.web, "desk")
    visitor.sign_in()
    page = visitor.page
    page.goto(f"/cases/{case['number']}")
    page.get_by_label("Your answer").fill("Half an hour of thought")
    # The page comes when the call's deadline of 10 seconds is over: near the usual patience.
    page.set_default_timeout(60_000)
    whole_system.kill("cases")
    time.sleep(away_seconds)  # what the gateway keeps of its users is too old after a while
    try:
        page.get_by_role("button", name="Add note").click()
        expect(page.get_by_text("The cases service does not answer")).to_be_visible()
        expect(page.locator("textarea")).to_have_value("Half an hour of thought")
        visitor.shot("away")
    finally:
        whole_system.start_service("cases")
        whole_system.wait_until_ready("cases")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".cw-entry.is-note")).to_contain_text("Half an hour of thought")
    assert len(whole_system.api().get(f"/cases/{case['number']}")["messages"]) == 1
