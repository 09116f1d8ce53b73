"""Reports in a browser: asked, drawn, followed to their cases, kept and taken along (R2 to R6)."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from support.browser import Visitor
from support.counted_cases import add_counted_cases
from support.system import RunningSystem, wait_for

GRAPH = ".cw-graph.is-report canvas"


@pytest.fixture(scope="module")
def desk(whole_system: RunningSystem) -> RunningSystem:
    """A system with the cases of CASES, all of them counted."""
    add_counted_cases(whole_system.api())
    return whole_system


@pytest.fixture(params=["desk", "telephone"])
def page(desk: RunningSystem, browser: Browser, request: pytest.FixtureRequest) -> Page:
    visitor = Visitor(browser, desk.web, request.param)
    visitor.sign_in()
    return visitor.page


def test_R2_R4_a_report_is_filtered_and_its_figures_lead_to_their_cases(page: Page) -> None:
    page.goto("/report?by=kind&by=state&figure=count")
    lines = page.locator("#report tbody tr")
    expect(lines).to_have_count(3)
    page.get_by_label("Kind", exact=True).select_option("claim")
    expect(lines).to_have_count(2)  # redrawn without a new page
    expect(page).to_have_url(re.compile("kind=claim"))
    page.get_by_role("link", name="This month").click()
    expect(page).to_have_url(re.compile("period=this_month"))
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(lines).to_have_count(2)
    count = page.locator('#report tr[data-group$="Open"] td.c-count a')
    expect(count).to_have_text("2")
    count.click()
    expect(page.locator("#case-count")).to_have_text("2 cases")
    expect(page.get_by_role("link", name=re.compile("Counted [01]"))).to_have_count(2)
    page.get_by_text(re.compile("Opened from")).click()  # the filter is taken away
    expect(page).not_to_have_url(re.compile("created_from"))


def test_R2_a_quick_choice_is_taken_away_by_emptying_its_days(page: Page) -> None:
    page.goto("/report?by=kind&by=state&figure=count&period=this_month")
    day = page.get_by_label("From", exact=True)
    expect(day).not_to_have_value("")
    day.fill("")
    expect(page).not_to_have_url(re.compile("period="))
    expect(page).to_have_url(re.compile("by=kind&by=state"))
    expect(page).to_have_url(re.compile("date_to="))


def test_R4_a_name_opens_its_form(page: Page) -> None:
    page.goto("/report?by=section&by=user&figure=count")
    page.locator("#report").get_by_role("link", name="Support").first.click()
    expect(page).to_have_url(re.compile(r"/sections/\d+$"))


def test_R2_a_report_stands_without_scripts(desk: RunningSystem, browser: Browser) -> None:
    visitor = Visitor(browser, desk.web, "desk")
    visitor.sign_in()
    kept = visitor.page.context.storage_state()
    context = browser.new_context(java_script_enabled=False, base_url=desk.web, storage_state=kept)
    page = context.new_page()
    page.goto("/report?by=kind&figure=count")
    page.get_by_label("Kind", exact=True).select_option("quality")
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.locator("#report tbody tr")).to_have_count(1)
    expect(page.locator("#report tbody tr")).to_contain_text("Quality problem")
    context.close()


def test_R3_a_report_is_kept_by_name_and_opens_first(page: Page) -> None:
    width = page.evaluate("innerWidth")
    figure, name = ("count", "By kind") if width > 800 else ("closed", "Closed by kind")
    page.goto(f"/report?by=kind&figure={figure}&view=graph")
    page.locator("summary", has_text="Save").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Save report").click()
    expect(page.locator("#head")).to_contain_text(name)
    page.locator("summary", has_text="Save").click()
    page.get_by_role("button", name="Open this one first", exact=True).click()
    page.goto("/report")
    expect(page).to_have_url(re.compile("by=kind.*view=graph"))
    expect(page.locator(GRAPH)).to_be_visible()
    page.locator("summary", has_text="Save").click()
    page.get_by_role("button", name="Do not open this one first", exact=True).click()
    page.goto("/report")
    expect(page).to_have_url(re.compile("/report$"))


def test_R6_a_report_is_taken_along_as_a_workbook(page: Page, tmp_path: Path) -> None:
    page.goto("/report?by=kind&figure=count")
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()
    saved = tmp_path / "report.xlsx"
    download.value.save_as(saved)
    with zipfile.ZipFile(saved) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "Quality problem" in sheet and "<f>" not in sheet


def test_R1_R3_a_pivot_is_drawn_and_a_click_on_it_leads_to_its_cases(
    desk: RunningSystem, browser: Browser
) -> None:
    visitor = Visitor(browser, desk.web, "desk")
    visitor.sign_in()
    page = visitor.page
    page.emulate_media(reduced_motion="reduce")  # a bar that still grows is not there to be met
    page.goto("/report?by=kind&figure=count&view=graph")
    page.get_by_label("Columns", exact=True).select_option("state")
    line = page.locator('#report tbody tr[data-group="Claim"] td')
    expect(line).to_have_text(["2", "1", "3"])
    expect(page.locator("#report tfoot td")).to_have_text(["3", "1", "4"])
    for shape in ("line", "stacked", "heat", "bar"):
        page.get_by_label("Draw as").select_option(shape)
        expect(page.locator(".cw-graph.is-report")).to_have_attribute("data-shape", shape)
        expect(page.locator(GRAPH)).to_be_visible()
        visitor.shot(f"report-{shape}")
    page.get_by_label("Draw as").select_option("heat")
    # Until the new graph stands in the old one's place a click would meet a bar.
    wait_for(
        lambda: page.evaluate(
            "document.querySelector('.cw-graph.is-report')"
            ".chart?.getOption().xAxis[0].show === false"
        ),
        "the heat map",
    )
    page.locator(".cw-graph.is-report").scroll_into_view_if_needed()
    at = page.evaluate(
        "document.querySelector('.cw-graph.is-report').chart"
        ".convertToPixel({xAxisIndex: 0, yAxisIndex: 0}, [0.5, 0])"
    )
    page.locator(".cw-graph.is-report").click(position={"x": at[0], "y": at[1]})
    expect(page).to_have_url(re.compile(r"/cases\?.*state=open"))
    assert visitor.complaints == []


@pytest.mark.parametrize(("size", "scheme"), [("desk", "dark"), ("telephone", "light")])
def test_R1_a_wide_report_scrolls_in_a_box_of_its_own(
    desk: RunningSystem, browser: Browser, size: str, scheme: str
) -> None:
    visitor = Visitor(browser, desk.web, size, scheme)
    visitor.sign_in()
    page = visitor.page
    page.goto("/report?by=kind&column=state&figure=count&figure=closed&figure=estimated_revenue")
    expect(page.locator("#report tbody tr")).not_to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visitor.shot(f"report-pivot-{scheme}")
    assert visitor.complaints == []
