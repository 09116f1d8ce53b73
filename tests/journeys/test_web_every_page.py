"""Every page at every width, light and dark; and what one does on those beside the cases.

Screenshots go to build/screenshots/.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from support.browser import LOOKS, Visitor
from support.system import RunningSystem, wait_for

PAGES = {
    "list": "/",
    "partners": "/partners",
    "partner": "/partners/new",
    "sections": "/sections",
    "section": "/sections/1",
    "users": "/users",
    "user": "/users/1",
    "sign-ins": "/users/sign-ins",
    "me": "/me",
    "second-factor": "/me/two-factor",
    "rules": "/rules",
    "report": "/report",
    "rates": "/rates",
    "gradings": "/gradings",
    "grading": "/gradings/new",
    "report-mails": "/report/mails",
    "report-mail": "/report/mails/new",
    "calendar-today": "/calendar",
    "feeds": "/calendar/feeds",
    "accounts": "/accounts",
    "account": "/accounts/incoming/new",
    "webhooks": "/webhooks",
    "webhook": "/webhooks/new",
    "api": "/api/docs",
    "api-operation": "/api/docs/createRule",
}


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_page_stands_at_every_width(
    whole_system: RunningSystem, browser: Browser, size: str, scheme: str
) -> None:
    visitor = Visitor(browser, whole_system.web, size, scheme)
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
    whole_system: RunningSystem, browser: Browser
) -> None:
    visitor = Visitor(browser, whole_system.web, "telephone")
    visitor.sign_in()
    page = visitor.page
    menu = page.get_by_role("navigation", name="Main")
    expect(menu).to_be_hidden()
    page.get_by_role("link", name="Menu").click()
    expect(menu).to_be_visible()
    visitor.shot("menu")
    menu.get_by_role("link", name="Report").click()
    expect(page.get_by_role("heading", name="Report", exact=True)).to_be_visible()
    expect(menu).to_be_hidden()


def test_the_directory_is_filled_by_hand(whole_system: RunningSystem, browser: Browser) -> None:
    visitor = Visitor(browser, whole_system.web, "desk")
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
    hers = Visitor(browser, whole_system.web, "desk")
    hers.sign_in("eve", "a password of hers")
    expect(hers.page.get_by_role("link", name="Users")).to_have_count(0)
    assert hers.page.goto("/users").status == 403
    hers.shot("forbidden")


def test_a_rule_is_switched_off_and_the_report_counts(
    whole_system: RunningSystem, browser: Browser, tmp_path: Path
) -> None:
    api = whole_system.api()
    actions = [{"do": "set_priority", "priority": "high"}]
    rule = api.post("/rules", name="All are high", actions=actions)["rule"]
    visitor = Visitor(browser, whole_system.web, "desk")
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
