"""Working with cases in a real browser: fields, tags, files, links, many at once, saved filters.

Screenshots go to build/screenshots/.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from support.browser import SIZES, Visitor
from support.system import RunningSystem

PAGES = {
    "kinds": "/kinds",
    "kind": "/kinds/repair",
    "categories": "/categories",
    "category": "/categories/1",
    "partner-categories": "/partner-categories",
    "section-history": "/sections/1",
    "filters": "/filters",
    "quality-actions": "/quality-actions?whose=all",
    "list-of-a-kind": "/cases?kind=repair",
    "new-repair": "/new-case?kind=repair",
}
FIELDS = [
    {"code": "serial", "name": "Serial number", "required": True},
    {"code": "model", "name": "Model", "type": "choice", "choices": ["A4", "A3"]},
    {"code": "bought", "name": "Bought on", "type": "date"},
    {"code": "expert", "name": "Expert", "type": "person"},
]


@pytest.fixture(scope="module")
def system(whole_system: RunningSystem) -> RunningSystem:
    """With a kind that has fields of its own, a category and a case that has everything."""
    api = whole_system.api()
    api.post("/kinds", code="repair", name="Repair", fields=FIELDS)
    api.post("/categories", name="Hardware")
    partner = api.post("/partners", name="Acme", contacts=[{"address": "maria@acme.example"}])
    case = api.post(
        "/cases",
        subject="A repair with everything on it",
        description="Ground floor.",
        kind="repair",
        state="open",
        partner_id=partner["id"],
        tags=["fire", "line 2"],
        custom={"serial": "X-1", "model": "A4", "bought": "2025-03-01", "expert": 1},
        deadline="2030-01-01T08:00:00Z",
    )
    actions = f"/cases/{case['number']}/quality-actions"
    api.post(actions, text="Replace the roller", owner_id=1, due="2020-01-01")
    return whole_system


def signed_in(browser: Browser, system: RunningSystem, size: str = "desk") -> Visitor:
    visitor = Visitor(browser, system.web, size)
    visitor.sign_in()
    return visitor


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_cases_and_the_directory_stands_at_every_width(
    system: RunningSystem, browser: Browser, size: str, scheme: str
) -> None:
    number = system.api().get("/cases", q="A repair with everything")["items"][0]["number"]
    visitor = Visitor(browser, system.web, size, scheme)
    visitor.sign_in()
    more = {
        "case-with-all": f"/cases/{number}",
        "case-edit": f"/cases/{number}/edit",
        "case-merge": f"/cases/{number}/merge",
    }
    for name, address in (PAGES | more).items():
        answer = visitor.page.goto(address)
        assert answer is not None and answer.status == 200, name
        visitor.page.wait_for_load_state("networkidle")
        visitor.shot(name)
    assert visitor.complaints == []


def test_K5_K9_a_kind_gets_fields_by_hand_and_its_cases_have_them(
    system: RunningSystem, browser: Browser
) -> None:
    visitor = signed_in(browser, system)
    page = visitor.page
    page.goto("/kinds/new")
    page.get_by_label("Name", exact=True).first.fill("Site visit")
    page.get_by_label("Code", exact=True).first.fill("site_visit")
    for name, kind in (("Room", "Text"), ("Floor", "Number")):
        page.get_by_role("button", name="Add field").click()
        row = page.locator(".cw-fieldrow").last
        row.get_by_label("Name").fill(name)
        row.get_by_label("Type").select_option(label=kind)
    page.locator(".cw-fieldrow").last.get_by_role("button", name="up").click()
    names = page.locator(".cw-fieldrow input[name=field_name]")
    expect(names.first).to_have_value("Floor")
    page.locator(".cw-fieldrow").last.get_by_label("Required").check()
    visitor.shot("kind-new")
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_role("link", name="Site visit")).to_be_visible()

    page.goto("/new-case")
    page.get_by_label("Subject").fill("A visit on the third floor")
    page.get_by_label("Kind").select_option(label="Site visit")
    page.get_by_label("Floor").fill("third")
    page.get_by_label("Room *").fill("3.14")
    page.get_by_role("button", name="Open case").click()
    expect(page.locator(".cw-wrong")).to_have_text("A number such as 12.5, please.")
    expect(page.get_by_label("Room *")).to_have_value("3.14")
    page.get_by_label("Floor").fill("3")
    page.get_by_role("button", name="Open case").click()
    expect(page.locator("#fields")).to_contain_text("3.14")

    page.goto("/cases")
    page.get_by_label("Kind").select_option(label="Site visit")
    expect(page.get_by_role("columnheader", name="Room")).to_be_visible()
    page.get_by_label("Room").fill("3.14")
    page.get_by_label("Room").press("Enter")
    expect(page).to_have_url(re.compile(r"custom\.room=3\.14"))
    expect(page.locator(".cw-cases tbody tr")).to_have_count(1)
    assert visitor.complaints == []


@pytest.mark.parametrize("size", SIZES)
def test_K1_the_description_and_the_tags_are_edited_in_place(
    system: RunningSystem, browser: Browser, size: str
) -> None:
    case = system.api().post("/cases", subject=f"Tags {size}", state="open", tags=["first"])
    visitor = signed_in(browser, system, size)
    page = visitor.page
    page.goto(f"/cases/{case['number']}")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Description").fill("Now it has one.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".cw-description")).to_contain_text("Now it has one.")
    page.locator("summary[title='Change tags']").click()
    page.get_by_label("Tags, with commas between").fill(f"first, urgent {size}")
    visitor.shot("case-tags")
    page.locator(".cw-tags").get_by_role("button", name="Save").click()
    expect(page.locator(".cw-tags a.cw-tag")).to_have_text(["first", f"urgent {size}"])
    page.get_by_role("link", name=f"urgent {size}").click()
    expect(page.locator(".cw-cases tbody tr")).to_have_count(1)
    assert visitor.complaints == []


def test_a_question_is_saved_and_stands_in_the_navigation(
    system: RunningSystem, browser: Browser
) -> None:
    visitor = signed_in(browser, system)
    page = visitor.page
    page.goto("/cases")
    page.get_by_label("Priority", exact=True).select_option(label="High")
    page.get_by_text("Save filter").click()
    page.locator(".cw-pop-body").get_by_label("Name").fill("What burns")
    page.get_by_label("For everybody").check()
    page.locator(".cw-pop-body").get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="What burns")).to_be_visible()
    entry = page.get_by_role("navigation", name="Main").get_by_role("link", name="What burns")
    expect(entry).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="All cases", exact=True).click()
    entry.click()
    expect(page.get_by_label("Priority", exact=True)).to_have_value("high")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Edit").click()
    page.get_by_label("Name of “What burns”").fill("What burned")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("link", name="What burned")).to_be_visible()
    visitor.shot("filters-filled")
    page.get_by_role("button", name="Delete “What burned”").click()
    expect(page.get_by_role("link", name="What burned")).to_have_count(0)
    assert visitor.complaints == []


def test_K3_files_go_with_an_answer_and_come_back_whole(
    system: RunningSystem, browser: Browser, tmp_path: Path
) -> None:
    case = system.api().post("/cases", subject="With files", state="open")
    visitor = signed_in(browser, system)
    page = visitor.page
    page.goto(f"/cases/{case['number']}")
    files = [
        {"name": "one.txt", "mimeType": "text/plain", "buffer": b"the first"},
        {"name": "two.bin", "mimeType": "application/x-two", "buffer": b"\0two"},
    ]
    page.get_by_label("Attach files").set_input_files(files)  # type: ignore[arg-type]
    expect(page.locator("[data-files-chosen] li")).to_have_count(2)
    page.get_by_label("Your answer").fill("Two files")
    page.get_by_label("Minutes spent").fill("75")
    visitor.shot("case-files-chosen")
    page.get_by_role("button", name="Add note").click()
    entry = page.locator(".cw-entry.is-note")
    expect(entry.locator(".cw-attachments a")).to_have_count(2)
    expect(page.locator("#fields")).to_contain_text("1 h 15 min")
    with page.expect_download() as download:
        entry.get_by_role("link", name="two.bin").click()
    saved = tmp_path / "two.bin"
    download.value.save_as(saved)
    assert saved.read_bytes() == b"\0two"
    attachment = system.api().get(f"/cases/{case['number']}")["messages"][0]["attachments"][1]
    assert re.fullmatch("[0-9a-f]{64}", attachment["sha256"])
    too_much = tmp_path / "large.bin"
    with too_much.open("wb") as file:
        file.truncate(26 * 1024 * 1024)
    page.get_by_label("Attach files").set_input_files(too_much)
    expect(page.get_by_text("These are more than 25 MB in all")).to_be_visible()
    assert visitor.complaints == []


@pytest.mark.parametrize("size", SIZES)
def test_K7_actions_are_planned_ticked_off_and_listed(
    system: RunningSystem, browser: Browser, size: str
) -> None:
    case = system.api().post("/cases", subject=f"Quality {size}", kind="quality", state="open")
    visitor = signed_in(browser, system, size)
    page = visitor.page
    page.goto(f"/cases/{case['number']}")
    panel = page.locator("#quality")
    panel.get_by_text("Add an action").click()
    panel.get_by_label("What is to be done").fill(f"Order other rollers {size}")
    panel.get_by_label("Type").select_option(label="Preventive")
    panel.get_by_label("Due").fill("2020-02-01")
    panel.get_by_label("Owner").select_option(label="Administrator")
    panel.get_by_role("button", name="Add").click()
    expect(panel).to_contain_text("overdue since 1 Feb 2020")
    visitor.shot("case-quality")
    page.goto("/quality-actions")
    row = page.locator("tbody tr", has_text=f"Order other rollers {size}")
    expect(row).to_contain_text("overdue")
    row.get_by_role("checkbox").click()
    expect(row).to_have_count(0)
    page.goto(f"/cases/{case['number']}")
    expect(panel).to_contain_text("1 of 1 done")
    expect(page.locator("#history")).to_contain_text("Administrator")
    assert visitor.complaints == []


def test_two_cases_are_linked_and_a_wrong_number_is_told(
    system: RunningSystem, browser: Browser
) -> None:
    api = system.api()
    one, other = (api.post("/cases", subject=f"To be linked {n}", state="open") for n in (1, 2))
    visitor = signed_in(browser, system)
    page = visitor.page
    page.goto(f"/cases/{one['number']}")
    links = page.locator("#links")
    links.get_by_text("Link a case").click()
    links.get_by_label("Number of the other case").fill("999999")
    links.get_by_role("button", name="Link").click()
    expect(links.locator(".cw-wrong")).to_contain_text("there is no case 999999")
    links.get_by_label("How it stands to the other").select_option(label="Follows")
    links.get_by_label("Number of the other case").fill(f"[{other['number']}]")
    links.get_by_role("button", name="Link").click()
    expect(links).to_contain_text("Follows")
    links.get_by_role("link", name="To be linked 2").click()
    expect(page.locator("#links")).to_contain_text("Followed by")
    page.get_by_role("button", name=f"Take the link to {one['number']} away").click()
    expect(page.locator("#links li")).to_have_count(0)
    assert visitor.complaints == []


def test_K4_who_changed_a_section_stands_on_its_form(
    system: RunningSystem, browser: Browser
) -> None:
    visitor = signed_in(browser, system)
    page = visitor.page
    page.goto("/sections/1")
    page.get_by_label("Manager").select_option(label="Administrator")
    page.get_by_role("button", name="Save").click()
    page.goto("/sections/1")
    history = page.locator(".cw-entryhistory")
    expect(history).to_contain_text("Administrator changed it")
    expect(history.locator("ins").first).to_have_text("Administrator")
    assert visitor.complaints == []


def without_script(browser: Browser, system: RunningSystem) -> Page:
    """A page in a browser that runs no script."""
    context = browser.new_context(base_url=system.web, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password").fill(system.environment["CASEWIRE_ADMIN_PASSWORD"])
    page.get_by_role("button", name="Sign in").click()
    return page
