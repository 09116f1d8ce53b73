"""One question by its views: list, board and graph, by mouse and by key (C4).

Screenshots go to build/screenshots/.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from support.browser import SIZES, Visitor, signed_in, without_script
from support.system import Api, RunningSystem, wait_for

STATES = ("draft", "open", "pending", "done", "cancelled")
PRIORITIES = ("low", "normal", "high", "highest", "normal", "lowest")
SUBJECTS = ("Printer on fire", "Belt of line 3 is torn", "Invoice 2041 is wrong", "No ink")


@pytest.fixture(scope="module")
def office(whole_system: RunningSystem) -> Api:
    """Two sections, a partner, and cases of every state that carry the tag "views"."""
    api = whole_system.api()
    sections = [api.post("/sections", name=name)["id"] for name in ("Hardware", "Claims")]
    partner = api.post("/partners", name="Blue Ltd")["id"]
    for place in range(14):
        state = STATES[place % 5]
        api.post(
            "/cases",
            subject=f"{SUBJECTS[place % 4]} ({place})",
            state=state,
            tags=["views"],
            priority=PRIORITIES[place % 6],
            section_id=sections[place % 2] if place % 3 else None,
            responsible_id=1 if place % 2 else None,
            partner_id=partner if place % 2 else None,
            deadline=f"2027-01-{place + 1:02}T12:00:00Z" if place % 4 == 0 else None,
        )
    return api


def a_case(api: Api, subject: str, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = api.post("/cases", subject=subject, **{"state": "open", **more})
    return made


def card(page: Page, subject: str) -> Locator:
    return page.locator(".cw-card", has_text=subject)


def column(page: Page, state: str) -> Locator:
    return page.locator(f'.cw-column[data-state="{state}"]')


def carry(page: Page, what: Locator, target: Locator, look: Any = lambda: None) -> None:
    """With the mouse, as a hand does: down, a little, over to the column, up."""
    what.scroll_into_view_if_needed()
    box, there = what.bounding_box(), target.bounding_box()
    assert box is not None and there is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 8)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 8, box["y"] + box["height"] - 2, steps=4)
    page.mouse.move(there["x"] + there["width"] / 2, there["y"] + 90, steps=15)
    page.wait_for_timeout(150)
    look()
    page.mouse.up()


def state_of(api: Api, number: int) -> str:
    return str(api.get(f"/cases/{number}")["state"])


def question(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_C4_a_card_is_carried_to_another_column_and_refused_where_it_may_not_go(
    whole_system: RunningSystem, browser: Browser, office: Api
) -> None:
    number = a_case(office, "Carried card", tags=["carry"])["number"]
    done = a_case(office, "Done card", tags=["carry"], state="done")["number"]
    visitor = signed_in(browser, whole_system.web)
    page = visitor.page
    page.goto("/cases/board?tag=carry")
    expect(column(page, "open").locator(".cw-count")).to_have_text("1")
    carry(page, card(page, "Carried card"), column(page, "pending"))
    expect(column(page, "pending").locator(".cw-card")).to_contain_text("Carried card")
    expect(column(page, "pending").locator(".cw-count")).to_have_text("1")
    expect(column(page, "open").locator(".cw-count")).to_have_text("0")
    wait_for(lambda: state_of(office, number) == "pending", "the move of the card")

    def dimmed() -> None:
        expect(column(page, "pending")).to_have_class("cw-column is-pending is-refusing")
        expect(column(page, "open")).to_have_class("cw-column is-open is-taking")
        visitor.shot("board-dragging")

    carry(page, card(page, "Done card"), column(page, "pending"), dimmed)
    expect(page.locator("#board-told")).to_contain_text("cannot go to “Pending”")
    expect(column(page, "done").locator(".cw-card")).to_contain_text("Done card")
    # The card that was moved is moved on: the page knows its new version.
    carry(page, card(page, "Carried card"), column(page, "done"))
    wait_for(lambda: state_of(office, number) == "done", "the second move")
    expect(column(page, "done").locator(".cw-count")).to_have_text("2")
    expect(page.locator("#board-told")).to_be_empty()
    assert state_of(office, done) == "done" and visitor.complaints == []


def test_C4_a_conflicting_move_goes_back_and_says_who_was_faster(
    whole_system: RunningSystem, browser: Browser, office: Api
) -> None:
    made = a_case(office, "Contested card", tags=["contest"])
    visitor = signed_in(browser, whole_system.web)
    page = visitor.page
    page.goto("/cases/board?tag=contest")
    office.patch(f"/cases/{made['number']}", version=made["version"], priority="highest")
    carry(page, card(page, "Contested card"), column(page, "done"))
    told = page.get_by_text("Administrator has changed this case meanwhile")
    expect(told).to_be_visible()
    expect(column(page, "open").locator(".cw-priority.is-highest")).to_be_visible()
    assert state_of(office, made["number"]) == "open"
    carry(page, card(page, "Contested card"), column(page, "done"))
    wait_for(lambda: state_of(office, made["number"]) == "done", "the move of what stands now")


@pytest.mark.parametrize("size", SIZES)
def test_C4_board_and_graph_at_every_width_and_the_board_by_key(
    whole_system: RunningSystem, browser: Browser, office: Api, size: str
) -> None:
    number = a_case(office, f"By key {size}", tags=["keyed"])["number"]
    visitor = signed_in(browser, whole_system.web, size)
    page = visitor.page
    page.goto("/cases/board?tag=views")
    expect(page.locator(".cw-column")).to_have_count(5)
    visitor.shot("board")
    page.goto("/cases/graph?tag=views&by=section&then=state")
    expect(page.locator(".cw-graph canvas")).to_be_visible()
    page.wait_for_timeout(400)
    visitor.shot("graph-stacked")
    page.goto("/cases?tag=views&group=section")
    expect(page.locator(".cw-group-head")).to_have_count(3)
    visitor.shot("list-grouped")
    page.goto(f"/cases/board?tag=keyed&q={size}")
    page.get_by_role("link", name=f"By key {size}").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Pending")).to_be_focused()
    visitor.shot("board-menu")
    page.keyboard.press("Enter")
    expect(column(page, "pending").locator(".cw-card")).to_contain_text(f"By key {size}")
    expect(page.get_by_label(f"Move case {number}")).to_be_focused()
    wait_for(lambda: state_of(office, number) == "pending", "the move by key")
    assert visitor.complaints == []


def test_C4_a_bar_leads_to_just_its_cases_and_the_table_tells_the_same(
    whole_system: RunningSystem, browser: Browser, office: Api
) -> None:
    visitor = Visitor(browser, whole_system.web, "desk", "dark")
    visitor.sign_in()
    page = visitor.page
    page.goto("/cases?tag=views&state=open&state=pending&state=done")
    page.get_by_role("navigation", name="Views").get_by_role("link", name="Graph").click()
    expect(page.locator(".cw-graph canvas")).to_be_visible()
    rows = page.locator("#counts tbody tr")
    expect(rows).to_have_text(["Open3", "Pending3", "Done3"])
    page.get_by_label("Count by").select_option(label="Responsible")
    expect(rows).to_have_count(2)
    page.wait_for_timeout(400)
    # The first of two upright bars stands over the first quarter of the width.
    box = page.locator(".cw-graph").bounding_box()
    assert box is not None
    name = rows.first.locator("th").inner_text().strip()
    count = rows.first.locator("td").inner_text().strip()
    page.mouse.click(box["x"] + box["width"] * 0.26, box["y"] + box["height"] - 60)
    responsible = page.get_by_label("Responsible", exact=True)
    expect(responsible).not_to_have_value("")
    assert page.url.split("?")[0].endswith("/cases")
    assert set(question(page)["state"]) == {"open", "pending", "done"}
    expect(page.locator(".cw-cases tbody tr")).to_have_count(int(count))
    expect(responsible.locator("option:checked")).to_have_text(name)
    for shape in ("bar", "pie", "line"):
        page.goto(f"/cases/graph?tag=views&by=priority&shape={shape}")
        expect(page.locator(".cw-graph canvas")).to_be_visible()
        page.wait_for_timeout(400)
        visitor.shot(f"graph-{shape}")
    assert visitor.complaints == []


def test_C4_the_list_by_key_and_from_case_to_case(
    whole_system: RunningSystem, browser: Browser, office: Api
) -> None:
    visitor = signed_in(browser, whole_system.web)
    page = visitor.page
    page.goto("/cases?tag=views&sort=oldest")
    links = page.locator(".c-subject > a:first-child")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_text("1 ticked")).to_be_visible()
    visitor.shot("list-by-key")
    page.keyboard.press("x")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    visitor.shot("keys")
    page.keyboard.press("Escape")
    links.nth(1).focus()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    second, third = links.nth(1).inner_text(), links.nth(2).inner_text()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=second)).to_be_visible()
    expect(page.get_by_label("Next case of the list")).to_be_visible()
    visitor.shot("case-neighbours")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name=third)).to_be_visible()
    expect(page.get_by_label("Previous case of the list")).to_be_visible()
    page.keyboard.press("p")
    expect(page.get_by_role("heading", name=second)).to_be_visible()
    assert visitor.complaints == []


def test_C4_groups_columns_heads_and_pages_of_the_list(
    whole_system: RunningSystem, browser: Browser, office: Api
) -> None:
    visitor = signed_in(browser, whole_system.web)
    page = visitor.page
    page.goto("/cases?tag=views")
    page.get_by_label("Group by").select_option(label="By state")
    expect(page.locator(".cw-group-head")).to_have_count(5)
    first = page.locator(".cw-group").first
    expect(first.locator("tr[data-case]")).to_have_count(3)
    page.get_by_role("link", name="Draft").click()
    expect(first.locator("tr[data-case]")).to_have_count(0)
    page.reload()
    expect(first.locator("tr[data-case]")).to_have_count(0)
    page.get_by_label("Group by").select_option(label="No groups")
    expect(page.locator(".cw-group-head")).to_have_count(0)
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Column “Opened”").check()
    page.get_by_label("Column “Section”").uncheck()
    page.get_by_role("button", name="Move “Opened” up").press("Enter")
    visitor.shot("list-columns")
    page.locator(".cw-columns").get_by_role("button", name="Save").click()
    expect(page.get_by_role("columnheader", name="Opened")).to_be_visible()
    expect(page.locator("th.c-section")).to_have_count(0)
    page.get_by_role("columnheader", name="Left").get_by_role("link").click()
    expect(page.locator('th[aria-sort="ascending"]')).to_contain_text("Left")
    assert question(page) == {"tag": ["views"], "sort": ["deadline"]}
    page.get_by_text("Columns", exact=True).click()
    page.get_by_role("button", name="As at first").click()
    expect(page.locator("th.c-section")).to_have_count(1)
    assert visitor.complaints == []


def test_C4_a_kept_question_comes_back_in_its_view(
    whole_system: RunningSystem, browser: Browser, office: Api
) -> None:
    visitor = signed_in(browser, whole_system.web)
    page = visitor.page
    page.goto("/cases/graph?tag=views")
    page.get_by_label("Count by").select_option(label="Kind")
    expect(page.locator("#counts caption")).to_contain_text("by kind")
    page.get_by_text("Save filter").click()
    page.locator(".cw-pop-body").get_by_label("Name").fill("Views by kind")
    page.locator(".cw-pop-body").get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Views by kind")).to_be_visible()
    views = page.get_by_role("navigation", name="Views")
    for view, path in (("Board", "/cases/board"), ("Calendar", "/calendar"), ("List", "/cases")):
        views.get_by_role("link", name=view).click()
        expect(views.get_by_role("link", name=view)).to_have_attribute("aria-current", "page")
        assert urlsplit(page.url).path == path and question(page)["tag"] == ["views"]
    menu = page.get_by_role("navigation", name="Main")
    menu.get_by_role("link", name="Views by kind").click()
    expect(page.locator("#counts caption")).to_contain_text("by kind")
    assert visitor.complaints == []


def test_C4_without_script_the_board_moves_and_the_list_groups(
    whole_system: RunningSystem, browser: Browser, office: Api
) -> None:
    made = a_case(office, "Scriptless card", tags=["scriptless"])
    page = without_script(browser, whole_system.web)
    page.goto("/cases/board?tag=scriptless")
    page.get_by_label(f"Move case {made['number']}").click()
    page.get_by_role("button", name="Done").click()
    expect(column(page, "done").locator(".cw-card")).to_contain_text("Scriptless card")
    assert state_of(office, made["number"]) == "done"
    page.goto("/cases?tag=scriptless&group=state")
    page.get_by_role("link", name="Done", exact=True).first.click()
    expect(page.locator("tr[data-case]")).to_have_count(0)
