"""Kinds get fields and entries of the directory a history, in a real browser.

Screenshots go to build/screenshots/.
"""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect
from support.browser import signed_in
from support.system import RunningSystem


def test_K5_K9_a_kind_gets_fields_by_hand_and_its_cases_have_them(
    whole_system: RunningSystem, browser: Browser
) -> None:
    visitor = signed_in(browser, whole_system.web)
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
    page.get_by_label("Kind", exact=True).select_option(label="Site visit")
    page.get_by_label("Floor").fill("third")
    page.get_by_label("Room *").fill("3.14")
    page.get_by_role("button", name="Open case").click()
    expect(page.locator(".cw-wrong")).to_have_text("A number such as 12.5, please.")
    expect(page.get_by_label("Room *")).to_have_value("3.14")
    page.get_by_label("Floor").fill("3")
    page.get_by_role("button", name="Open case").click()
    expect(page.locator("#fields")).to_contain_text("3.14")

    page.goto("/cases")
    page.get_by_label("Kind", exact=True).select_option(label="Site visit")
    expect(page.get_by_role("columnheader", name="Room")).to_be_visible()
    page.get_by_label("Room").fill("3.14")
    page.get_by_label("Room").press("Enter")
    expect(page).to_have_url(re.compile(r"custom\.room=3\.14"))
    expect(page.locator(".cw-cases tbody tr")).to_have_count(1)
    assert visitor.complaints == []


def test_K4_who_changed_a_section_stands_on_its_form(
    whole_system: RunningSystem, browser: Browser
) -> None:
    visitor = signed_in(browser, whole_system.web)
    page = visitor.page
    page.goto("/sections/1")
    page.get_by_label("Manager").select_option(label="Administrator")
    page.get_by_role("button", name="Save").click()
    page.goto("/sections/1")
    history = page.locator(".cw-entryhistory")
    expect(history).to_contain_text("Administrator changed it")
    expect(history.locator("ins").first).to_have_text("Administrator")
    assert visitor.complaints == []
