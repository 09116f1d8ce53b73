"""A day at the helpdesk in a real browser, at a desk (1280 px) and on a telephone (390 px).

Screenshots of every page go to build/screenshots/, light and dark.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from support.system import PASSWORD, ROOT, Api, RunningSystem, wait_for

SCREENSHOTS = ROOT / "build" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"desk": (1280, 860), "telephone": (390, 844)}
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


@pytest.fixture(scope="module")
def system(own_broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    subprocess.run([ROOT / "deploy/local/static.sh"], check=True)
    made = RunningSystem(tmp_path_factory.mktemp("pages") / "home", own_broker)
    try:
        made.start()
        yield made
        made.stop()
    finally:
        for name in list(made.processes):
            made.kill(name)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


class Visitor:
    """A browser window; it keeps what the page complained of."""

    def __init__(self, browser: Browser, base: str, size: str, scheme: str = "light") -> None:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            base_url=base,
        )
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.label = f"{width}-{scheme}"
        self.complaints: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        # The browser itself notes each answer that is no success; those are looked at by name.
        if message.type in ("error", "warning") and "the server responded" not in message.text:
            self.complaints.append(message.text)

    def sign_in(self, name: str = "admin", password: str = PASSWORD) -> None:
        self.page.goto("/")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def shot(self, name: str) -> None:
        """Keep a picture of the page, and see that it does not scroll sideways."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}-{self.label}.png", full_page=True)
        excess = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert excess <= 0, f"{name} is {excess} px too wide at {self.label}"


@pytest.mark.parametrize("size", SIZES)
def test_K3_a_case_from_opening_to_done(system: RunningSystem, browser: Browser, size: str) -> None:
    api = system.api()
    partner = f"Acme {size}"
    api.post("/partners", name=partner, contacts=[{"address": f"maria@{size}.example"}])
    visitor = Visitor(browser, system.web, size)
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
def test_K2_two_change_a_case_at_once(system: RunningSystem, browser: Browser, size: str) -> None:
    api = system.api()
    case = api.post("/cases", subject="Two at once", state="open")
    visitor = Visitor(browser, system.web, size)
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


def test_a_strangers_mail_is_shown_without_harm(system: RunningSystem, browser: Browser) -> None:
    assert system.deliver(MAIL) == 0
    api = system.api()
    found = wait_for(lambda: api.get("/cases", q="Belt 2 stands")["items"], "the case of the mail")
    visitor = Visitor(browser, system.web, "desk")
    visitor.sign_in()
    page = visitor.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/cases/{found[0]['number']}")
    page.get_by_text("Formatted", exact=True).click()
    expect(page.locator(".cw-html b")).to_have_text("belt 2")
    visitor.shot("case-by-mail")
    assert "owned" not in page.title()
    assert [url for url in asked if not url.startswith(system.web)] == []
    with page.expect_download() as download:
        page.get_by_role("link", name="page.html").click()
    assert download.value.suggested_filename == "page.html"
    assert visitor.complaints == []


@pytest.mark.parametrize("size", SIZES)
def test_the_list_is_filtered_in_place_and_in_the_address(
    system: RunningSystem, browser: Browser, size: str
) -> None:
    api = system.api()
    for subject, state in (("Needle one", "open"), ("Needle two", "pending"), ("Hay", "open")):
        api.post("/cases", subject=f"{subject} {size}", state=state)
    visitor = Visitor(browser, system.web, size)
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


PAGES = {
    "list": "/",
    "partners": "/partners",
    "partner": "/partners/new",
    "sections": "/sections",
    "section": "/sections/1",
    "users": "/users",
    "user": "/users/1",
    "rules": "/rules",
    "report": "/report",
    "accounts": "/accounts",
    "account": "/accounts/incoming/new",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_stands_at_every_width(
    system: RunningSystem, browser: Browser, size: str, scheme: str
) -> None:
    visitor = Visitor(browser, system.web, size, scheme)
    visitor.page.goto("/")
    visitor.shot("sign-in")
    visitor.sign_in()
    for name, address in PAGES.items():
        answer = visitor.page.goto(address)
        assert answer is not None and answer.status == 200, name
        visitor.page.wait_for_load_state("networkidle")
        visitor.shot(name)
    theme = visitor.page.locator("html").get_attribute("data-bs-theme")
    assert theme == scheme
    assert visitor.complaints == []


def test_the_menu_of_a_telephone_opens_and_leads_on(
    system: RunningSystem, browser: Browser
) -> None:
    visitor = Visitor(browser, system.web, "telephone")
    visitor.sign_in()
    page = visitor.page
    menu = page.get_by_role("navigation", name="Main")
    expect(menu).to_be_hidden()
    page.get_by_role("link", name="Menu").click()
    expect(menu).to_be_visible()
    visitor.shot("menu")
    menu.get_by_role("link", name="Report").click()
    expect(page.get_by_role("heading", name="Report")).to_be_visible()
    expect(menu).to_be_hidden()


def test_the_directory_is_filled_by_hand(system: RunningSystem, browser: Browser) -> None:
    visitor = Visitor(browser, system.web, "desk")
    visitor.sign_in()
    page = visitor.page
    page.goto("/users/new")
    page.get_by_label("Name", exact=True).fill("Eve Expert")
    page.get_by_label("Signs in as").fill("eve")
    page.get_by_label("Password").fill("a password of hers")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Eve Expert")).to_be_visible()
    page.goto("/sections/new")
    page.get_by_label("Name", exact=True).fill("Technical")
    page.get_by_label("Manager").select_option(label="Eve Expert")
    page.get_by_label("Reply address").fill("not an address")
    page.get_by_label("Reply address").evaluate("field => field.type = 'text'")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".cw-wrong")).to_contain_text("is no mail address")
    page.get_by_label("Reply address").fill("tech@ours.example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Technical")).to_be_visible()
    page.goto("/partners/new")
    page.get_by_label("Name", exact=True).first.fill("Blue Ltd")
    page.get_by_label("Mail address").first.fill("ann@blue.example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Blue Ltd")).to_be_visible()
    hers = Visitor(browser, system.web, "desk")
    hers.sign_in("eve", "a password of hers")
    expect(hers.page.get_by_role("link", name="Users")).to_have_count(0)
    assert hers.page.goto("/users").status == 403
    hers.shot("forbidden")


def test_a_rule_is_switched_off_and_the_report_counts(
    system: RunningSystem, browser: Browser, tmp_path: Path
) -> None:
    api: Api = system.api()
    actions = [{"do": "set_priority", "priority": "high"}]
    rule = api.post("/rules", name="All are high", actions=actions)["rule"]
    visitor = Visitor(browser, system.web, "desk")
    visitor.sign_in()
    page = visitor.page
    page.goto("/rules")
    switch = page.get_by_role("switch", name="All are high")
    expect(switch).to_have_attribute("aria-checked", "true")
    visitor.shot("rules-filled")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    assert api.get(f"/rules/{rule['id']}")["active"] is False
    api.post("/cases", subject="Counted", kind="claim")
    wait_for(lambda: api.get("/reports", by="kind", kind="claim")["items"], "the report")
    page.goto("/report?by=kind&kind=claim")
    expect(page.locator(".cw-report tbody tr")).to_contain_text("Claim")
    visitor.shot("report-filled")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    saved = tmp_path / "report.csv"
    download.value.save_as(saved)
    assert saved.read_text().splitlines()[1].startswith("claim,EUR,")


def test_what_was_written_outlives_an_absent_service(
    system: RunningSystem, browser: Browser
) -> None:
    case = system.api().post("/cases", subject="While cases is away", state="open")
    visitor = Visitor(browser, system.web, "desk")
    visitor.sign_in()
    page = visitor.page
    page.goto(f"/cases/{case['number']}")
    page.get_by_label("Your answer").fill("Half an hour of thought")
    system.kill("cases")
    try:
        page.get_by_role("button", name="Add note").click()
        expect(page.get_by_text("The cases service does not answer")).to_be_visible()
        expect(page.locator("textarea")).to_have_value("Half an hour of thought")
        visitor.shot("away")
    finally:
        system.start_service("cases")
        system.wait_until_ready("cases")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".cw-entry.is-note")).to_contain_text("Half an hour of thought")
    assert len(system.api().get(f"/cases/{case['number']}")["messages"]) == 1
