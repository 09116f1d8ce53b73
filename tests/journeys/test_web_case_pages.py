"""Working with cases in a real browser: fields, tags, files, links, many at once, saved filters.

Screenshots go to build/screenshots/.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from support.browser import LOOKS, SIZES, Visitor, signed_in
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


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
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


@pytest.mark.parametrize("size", SIZES)
def test_K1_the_description_and_the_tags_are_edited_in_place(
    system: RunningSystem, browser: Browser, size: str
) -> None:
    case = system.api().post("/cases", subject=f"Tags {size}", state="open", tags=["first"])
    visitor = signed_in(browser, system.web, size)
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


def test_K3_files_go_with_an_answer_and_come_back_whole(
    system: RunningSystem, browser: Browser, tmp_path: Path
) -> None:
    case = system.api().post("/cases", subject="With files", state="open")
    visitor = signed_in(browser, system.web)
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
    visitor = signed_in(browser, system.web, size)
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
