"""Reports in a browser: asked, drawn, followed to their cases, kept and taken along (R2 to R6)."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from support.browser import Visitor
from support.counted_cases import add_counted_cases
from support.system import Api, RunningSystem, wait_for

GRAPH = ".cw-graph.is-report canvas"


@pytest.fixture(scope="module")
def desk(whole_system: RunningSystem) -> RunningSystem:
    """A system with the cases of CASES, all of them counted."""
    api = whole_system.api()
    add_counted_cases(api)
    _add_partner(api)
    return whole_system


def _add_partner(api: Api) -> None:
    """A partner in Support Contract / Gold and in Local, whose cases the claims are."""
    contract = api.post("/partner-categories", name="Support Contract")["id"]
    gold = api.post("/partner-categories", name="Gold", parent_id=contract)["id"]
    local = api.post("/partner-categories", name="Local")["id"]
    partner = api.post("/partners", name="Blue Ltd", category_ids=[gold, local])["id"]
    claims = api.get("/cases", kind="claim")["items"]
    for one in claims:
        api.patch(f"/cases/{one['number']}", version=one["version"], partner_id=partner)

    def counted() -> bool:
        rows = api.get("/reports", by="kind", partner_category_id=contract)["items"]
        return sum(row["count"] for row in rows) == len(claims)

    wait_for(counted, "a report of the partner's category")


@pytest.fixture(params=["desk", "telephone"])
def page(desk: RunningSystem, browser: Browser, request: pytest.FixtureRequest) -> Page:
    visitor = Visitor(browser, desk.web, request.param)
    visitor.sign_in()
    return visitor.page


def unfold(page: Page) -> None:
    """A telephone shows figures first; with more room all that can be asked is there at once."""
    what_is_asked = page.locator("summary", has_text="Filters, rows and columns")
    if page.evaluate("innerWidth") > 860:
        expect(what_is_asked).to_be_hidden()
    else:
        expect(page.get_by_label("Kind", exact=True)).to_be_hidden()
        what_is_asked.click()


def test_R2_R4_a_report_is_filtered_and_its_figures_lead_to_their_cases(page: Page) -> None:
    page.goto("/report?by=kind&by=state&figure=count")
    lines = page.locator("#report tbody tr")
    expect(lines).to_have_count(3)
    unfold(page)
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


def test_R4_figures_by_partner_category_lead_to_their_cases(page: Page) -> None:
    def followed(row: str) -> str:
        """What the figure of this row says; its list is shown then, and counts as many."""
        page.goto(f"{report}&period=this_month")
        figure = page.locator(f'#report tbody tr[data-group="{row}"] td.c-count a')
        count = figure.inner_text()
        figure.click()
        words = f"{count} case" if count == "1" else f"{count} cases"
        expect(page.locator("#case-count")).to_have_text(words)
        expect(page.get_by_role("link", name=re.compile(r"Counted \d"))).to_have_count(int(count))
        return count

    report = "/report?by=partner_category&figure=count"
    assert followed("Support Contract") == followed("Support Contract / Gold") == "3"
    chosen = page.get_by_label("Partner category", exact=True).locator("option:checked")
    expect(chosen).to_have_text("Support Contract / Gold")
    gold = re.search(r"partner_category_id=\d+", page.url)[0]
    page.goto(report)
    none = page.locator("#report td.c-count a[href*='partner_category_id=none']")
    expect(none).to_have_text("1")
    none.click()
    expect(page.locator("#case-count")).to_have_text("1 case")
    expect(page.get_by_role("link", name="Counted 3")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile(r"Counted \d"))).to_have_count(1)
    report = f"/report?by=partner_category&figure=count&{gold}"
    assert followed("Local") == "3"
    expect(page).to_have_url(re.compile(r"partner_category_id=\d+&partner_category_id=\d+"))
    report = f"/report?by=state&figure=count&{gold}"
    assert (followed("Open"), followed("Done")) == ("2", "1")


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
