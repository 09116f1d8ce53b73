"""Cases are linked, merged and split in a real browser.

Screenshots go to build/screenshots/.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from support.browser import SIZES, signed_in
from support.system import RunningSystem


def test_two_cases_are_linked_and_a_wrong_number_is_told(
    whole_system: RunningSystem, browser: Browser
) -> None:
    api = whole_system.api()
    one, other = (api.post("/cases", subject=f"To be linked {n}", state="open") for n in (1, 2))
    visitor = signed_in(browser, whole_system.web)
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


@pytest.mark.parametrize("size", SIZES)
def test_a_case_is_merged_behind_a_look_at_the_other(
    whole_system: RunningSystem, browser: Browser, size: str
) -> None:
    api = whole_system.api()
    goes, stays = (
        api.post("/cases", subject=f"{name} {size}", state="open")
        for name in ("Twin that goes", "Twin that stays")
    )
    api.post(f"/cases/{goes['number']}/messages", kind="note", text="Said on the first")
    visitor = signed_in(browser, whole_system.web, size)
    page = visitor.page
    page.goto(f"/cases/{goes['number']}")
    page.get_by_role("link", name="Merge").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Number of the case that it goes into").fill("999999")
    expect(dialog).to_contain_text("There is no case 999999")
    dialog.get_by_label("Number of the case that it goes into").fill(str(stays["number"]))
    expect(dialog.get_by_role("link", name=f"Twin that stays {size}")).to_be_visible()
    visitor.shot("merge-dialog")
    dialog.get_by_role("button", name=f"Merge into {stays['number']}").click()
    expect(page.get_by_role("heading", name=f"Twin that stays {size}")).to_be_visible()
    entry = page.locator(".cw-entry", has_text="Said on the first")
    expect(entry.get_by_role("link", name=f"from {goes['number']}")).to_be_visible()
    visitor.shot("case-that-stays")
    page.goto(f"/cases/{goes['number']}")
    banner = page.locator(".cw-notice")
    expect(banner).to_contain_text(f"This case was merged into [{stays['number']}]")
    expect(page.get_by_label("Your answer")).to_have_count(0)
    visitor.shot("case-merged")
    assert visitor.complaints == []


def test_a_message_becomes_a_case_of_its_own(whole_system: RunningSystem, browser: Browser) -> None:
    api = whole_system.api()
    case = api.post("/cases", subject="Two things at once", state="open")
    path = f"/cases/{case['number']}"
    api.post(f"{path}/messages", kind="note", text="The first thing")
    api.post(f"{path}/messages", kind="note", text="The second thing")
    visitor = signed_in(browser, whole_system.web)
    page = visitor.page
    page.goto(path)
    entry = page.locator(".cw-entry", has_text="The second thing")
    entry.hover()
    entry.get_by_role("link", name="Make a case of this message").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The second thing")
    dialog.get_by_label("Subject of the new case").fill("The second thing alone")
    visitor.shot("split-dialog")
    dialog.get_by_role("button", name="Make a case").click()
    expect(page.get_by_role("heading", name="The second thing alone")).to_be_visible()
    expect(page.locator(".cw-thread")).to_contain_text("The second thing")
    expect(page.locator("#links")).to_contain_text("Two things at once")
    assert visitor.complaints == []
