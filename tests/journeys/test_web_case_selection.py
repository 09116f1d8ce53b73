"""Lists in a real browser: many cases at once, questions kept under a name, and without script.

Screenshots go to build/screenshots/.
"""

from __future__ import annotations

from playwright.sync_api import Browser, expect
from support.browser import signed_in, without_script
from support.system import RunningSystem


def test_a_question_is_saved_and_stands_in_the_navigation(
    whole_system: RunningSystem, browser: Browser
) -> None:
    visitor = signed_in(browser, whole_system.web)
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


def test_ticked_cases_are_changed_at_once(whole_system: RunningSystem, browser: Browser) -> None:
    api = whole_system.api()
    made = [api.post("/cases", subject=f"Selected {n}", state="open") for n in (1, 2, 3)]
    done = api.post(f"/cases/{made[2]['number']}/state", 200, version=1, state="done")
    visitor = signed_in(browser, whole_system.web)
    page = visitor.page
    page.goto("/cases?q=Selected&sort=oldest")
    expect(page.locator(".cw-bulk")).to_be_hidden()
    page.get_by_label("All on this page").check()
    expect(page.get_by_text("3 ticked")).to_be_visible()
    page.get_by_label("New state").select_option(label="Pending")
    page.get_by_label("New priority").select_option(label="High")
    page.get_by_label("Add tags").fill("selected")
    visitor.shot("list-ticked")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.locator(".cw-notice")).to_contain_text("2 cases changed.")
    expect(page.locator(".cw-refused")).to_contain_text("cannot become pending")
    visitor.shot("list-changed")
    expect(page.locator("tbody .cw-tag", has_text="selected")).to_have_count(2)
    after = [api.get(f"/cases/{one['number']}") for one in made]
    assert [one["priority"] for one in after] == ["high", "high", "normal"]
    page.locator(".cw-refused a").click()
    expect(page.get_by_role("heading", name="Selected 3")).to_be_visible()
    assert done["state"] == "done" and visitor.complaints == []


def test_without_script_cases_are_filtered_changed_and_merged(
    whole_system: RunningSystem, browser: Browser
) -> None:
    api = whole_system.api()
    one, two = (api.post("/cases", subject=f"Scriptless {n}", state="open") for n in (1, 2))
    page = without_script(browser, whole_system.web)
    page.goto("/cases")
    page.get_by_label("Search").fill("Scriptless")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".cw-cases tbody tr")).to_have_count(2)
    page.get_by_label("All on this page").check()
    page.get_by_label("New priority").select_option(label="Low")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.locator(".cw-notice")).to_contain_text("2 cases changed.")
    page.goto(f"/cases/{one['number']}")
    page.get_by_role("link", name="Merge").click()
    page.get_by_label("Number of the case that it goes into").fill(str(two["number"]))
    page.get_by_role("button", name="Look it up").click()
    page.get_by_role("button", name=f"Merge into {two['number']}").click()
    expect(page.get_by_role("heading", name="Scriptless 2")).to_be_visible()
    assert api.get(f"/cases/{one['number']}")["merged_into"] == two["number"]
