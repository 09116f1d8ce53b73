"""Rules, templates and working calendars in a real browser, against all services.

Screenshots go to build/screenshots/.
"""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from support.browser import LOOKS, SIZES, Visitor
from support.system import Api, RunningSystem, wait_for


@pytest.fixture(scope="module")
def gold(whole_system: RunningSystem) -> dict[str, Any]:
    """A partner category "Support Contract / Gold" and a partner in it."""
    api = whole_system.api()
    contract = api.post("/partner-categories", name="Support Contract")
    found: dict[str, Any] = api.post("/partner-categories", name="Gold", parent_id=contract["id"])
    contacts = [{"name": "Maria Keller", "address": "maria@golden.example"}]
    api.post("/partners", name="Golden Ltd", contacts=contacts, category_ids=[found["id"]])
    return found


def sit_down(system: RunningSystem, browser: Browser, size: str = "desk") -> Visitor:
    visitor = Visitor(browser, system.web, size)
    visitor.sign_in()
    return visitor


def add_action(page: Page, title: str) -> Locator:
    count = page.locator(".cw-action").count()
    page.get_by_label("Action to add").select_option(label=title)
    page.get_by_role("button", name="Add action").click()
    expect(page.locator(".cw-action")).to_have_count(count + 1)
    return page.locator(".cw-action").last


def names_of_rules(api: Api) -> list[str]:
    return [rule["name"] for rule in api.get("/rules")["items"]]


@pytest.mark.parametrize("size", SIZES)
def test_A6_a_rule_is_made_by_hand_reads_back_and_acts(
    whole_system: RunningSystem, browser: Browser, gold: dict[str, Any], size: str
) -> None:
    visitor, name = sit_down(whole_system, browser, size), f"Priority to Gold partners {size}"
    page, api = visitor.page, whole_system.api()
    page.goto("/rules/new")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("State after").select_option(label="Open")
    page.get_by_label("Partner category").select_option(label="Support Contract / Gold")
    sentence = page.locator("#sentence")
    expect(sentence).to_contain_text("its partner is in Support Contract / Gold, do nothing")
    visitor.shot("rule-criteria")
    page.locator(".cw-tab", has_text="Actions").click()
    action = add_action(page, "Set priority")
    expect(sentence).to_contain_text("set priority to ….")
    action.get_by_label("Priority").select_option(label="High")
    expect(sentence).to_have_text(
        "When a case goes from any state to open and its partner is in Support Contract / Gold, "
        "set priority to high."
    )
    add_action(page, "Add tags").get_by_label("Tags").fill("gold, first")
    visitor.shot("rule-actions")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    case = api.post("/cases", subject="Gold stands still", partner="Golden Ltd", state="open")
    path = f"/cases/{case['number']}"
    wait_for(lambda: api.get(path)["priority"] == "high", "the rule's act")
    page.goto(path)
    line = page.locator("#history .by-rule").first
    expect(line).to_contain_text("set off by the opening of the case")
    expect(line).to_contain_text("its partner Golden Ltd is in category Support Contract / Gold")
    visitor.shot("case-by-rule")
    line.get_by_role("link", name=name).click()
    expect(page.locator(".cw-firings tbody tr").first).to_contain_text(f"[{case['number']}]")
    visitor.shot("rule-page")
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Rules", exact=True)).to_be_visible()
    assert name not in names_of_rules(api)
    assert visitor.complaints == []


def test_A4_rules_are_put_in_order_with_the_mouse_and_from_the_keyboard(
    whole_system: RunningSystem, browser: Browser
) -> None:
    api = whole_system.api()
    before = names_of_rules(api)
    made = [f"Order {letter}" for letter in "ABC"]
    for place, name in enumerate(made):
        actions = [{"do": "add_tags", "tags": ["x"]}]
        api.post("/rules", name=name, order=900 + place, active=False, actions=actions)
    visitor = sit_down(whole_system, browser)
    page = visitor.page
    page.goto("/rules")
    rows = page.locator(".cw-rule")
    expect(rows).to_have_count(len(before) + 3)
    last, target = rows.filter(has_text="Order C"), rows.filter(has_text="Order A")
    grip = last.locator("[data-grip]").bounding_box()
    place = target.bounding_box()
    assert grip is not None and place is not None
    page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(grip["x"] + 8, place["y"] + 30, steps=6)
    page.mouse.move(grip["x"] + 8, place["y"] + 4, steps=3)
    visitor.shot("rules-dragged")
    page.mouse.up()
    wait_for(lambda: names_of_rules(api)[-3:] == ["Order C", "Order A", "Order B"], "the new order")
    expect(rows.nth(len(before))).to_contain_text("Order C")
    down = page.get_by_role("button", name="Move Order C down")
    expect(down).to_be_enabled()  # it was not, at the end of the list
    down.focus()
    page.keyboard.press("Enter")
    wait_for(lambda: names_of_rules(api)[-3:] == ["Order A", "Order C", "Order B"], "one further")
    expect(rows.nth(len(before) + 1)).to_contain_text("Order C")
    expect(down).to_be_focused()
    assert visitor.complaints == []


def test_actions_are_dragged_and_a_refusal_stands_at_its_field(
    whole_system: RunningSystem, browser: Browser
) -> None:
    visitor = sit_down(whole_system, browser)
    page, api = visitor.page, whole_system.api()
    page.goto("/rules/new")
    page.get_by_label("Name", exact=True).fill("Note and escalate")
    page.locator(".cw-tab", has_text="Actions").click()
    add_action(page, "Escalate")
    add_action(page, "Add a note")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".cw-action .cw-wrong")).to_have_text("Write the note.")
    page.locator(".cw-action textarea").fill("Look at it")
    source = page.locator(".cw-action").last.locator("[data-grip]").bounding_box()
    target = page.locator(".cw-action").first.bounding_box()
    assert source is not None and target is not None
    page.mouse.move(source["x"] + 5, source["y"] + 5)
    page.mouse.down()
    page.mouse.move(source["x"] + 5, target["y"] + 3, steps=8)
    page.mouse.up()
    expect(page.locator("#sentence")).to_contain_text(
        "note “Look at it” and escalate it to the section above."
    )
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Note and escalate")).to_be_visible()
    saved = api.get("/rules")["items"][-1]
    rule = next(r for r in api.get("/rules")["items"] if r["name"] == "Note and escalate")
    assert [action["do"] for action in rule["actions"]] == ["add_note", "escalate"], saved
    api.patch(f"/rules/{rule['id']}", version=rule["version"], active=False)
    assert visitor.complaints == []


def test_A10_a_timed_rule_asks_about_what_is_overdue_and_A9_is_tried(
    whole_system: RunningSystem, browser: Browser
) -> None:
    api = whole_system.api()
    case = api.post("/cases", subject="Late already", state="open", priority="lowest")
    visitor = sit_down(whole_system, browser)
    page = visitor.page

    def known() -> bool:
        fields = {"name": "x", "criteria": {"priority": "lowest"}, "actions": [{"do": "escalate"}]}
        fields["trigger"] = {"date": "creation"}
        return bool(api.post("/rules", 200, check_only=True, **fields)["overdue"])

    wait_for(known, "the case in the rules service")
    page.goto("/rules/new")
    page.get_by_label("Name", exact=True).fill("Lowest are seen to")
    page.get_by_label("Counted from").select_option(label="Creation")
    page.get_by_label("Priority", exact=True).select_option(label="Lowest")
    page.locator(".cw-tab", has_text="Actions").click()
    add_action(page, "Set priority").get_by_label("Priority").select_option(label="Low")
    page.get_by_role("button", name="Try").click()
    expect(page.locator("#trial")).to_contain_text("Nothing of this has been done")
    expect(page.locator("#trial")).to_contain_text("Late already")
    visitor.shot("rule-tried")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#waiting")).to_contain_text("overdue already")
    visitor.shot("rule-overdue")
    assert "Lowest are seen to" not in names_of_rules(api)
    page.get_by_label("Let it fire for").check()
    page.get_by_role("button", name="Save now").click()
    expect(page.get_by_role("heading", name="Lowest are seen to")).to_be_visible()
    path = f"/cases/{case['number']}"
    wait_for(lambda: api.get(path)["priority"] == "low", "the overdue firing")
    page.goto(path)
    expect(page.locator("#history .by-rule").first).to_contain_text("the time that passed")
    assert visitor.complaints == []


def test_a_template_is_written_with_a_live_preview(
    whole_system: RunningSystem, browser: Browser, gold: dict[str, Any]
) -> None:
    case = whole_system.api().post("/cases", subject="Belt 2", partner="Golden Ltd", state="open")
    visitor = sit_down(whole_system, browser)
    page = visitor.page
    page.goto("/templates/new")
    page.get_by_label("Name", exact=True).fill("We have got it")
    page.get_by_label("Subject").fill("About {{ case.subject }}")
    page.get_by_label("Case to preview with").fill(str(case["number"]))
    page.get_by_label("Text", exact=True).fill("Dear {{ case.contact }}, it is {{ case.stat }}.")
    preview = page.locator("#preview")
    expect(preview).to_contain_text("a case has no stat")
    page.get_by_label("Text", exact=True).fill("Dear {{ case.contact }}, it is {{ case.state }}.")
    expect(preview).to_contain_text("About Belt 2")
    expect(preview).to_contain_text("Dear Maria Keller")
    visitor.shot("template-preview")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="We have got it").click()
    page.get_by_label("Subject").fill("Your {{ case.subject }}")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="We have got it").click()
    expect(page.locator(".cw-entryhistory")).to_contain_text("Administrator changed it")
    assert visitor.complaints == []


def test_A2_a_working_calendar_shows_its_holidays_and_a_rule_counts_on_it(
    whole_system: RunningSystem, browser: Browser
) -> None:
    visitor = sit_down(whole_system, browser)
    page = visitor.page
    page.goto("/calendars/new")
    page.get_by_label("Name", exact=True).fill("Office Munich")
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_label("Friday").fill("9-3 pm")
    page.get_by_label("Closed on the holidays of").select_option(label="Germany")
    expect(page.get_by_label("And of its part").locator("option[value=BY]")).to_be_attached()
    page.wait_for_function("!document.querySelector('.htmx-request, .htmx-settling')")
    page.get_by_label("And of its part").select_option("BY")
    expect(page.locator("#place")).to_contain_text("Epiphany")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".cw-wrong")).to_contain_text("“9-3 pm” is no span")
    expect(page.get_by_label("And of its part")).to_have_value("BY")
    page.get_by_label("Friday").fill("9-15")
    page.get_by_label("Closed days").fill("2026-12-24")
    page.get_by_role("button", name="Save").click()
    row = page.get_by_role("row", name="Office Munich")
    expect(row).to_contain_text("Mon–Thu 09:00–17:00")
    expect(row).to_contain_text("Germany, BY")
    visitor.shot("calendars")
    page.goto("/rules/new")
    page.get_by_label("Counted from").select_option(label="Creation")
    page.get_by_label("Delay").fill("4")
    page.get_by_label("Unit").select_option(label="hours")
    page.get_by_label("Working calendar").select_option(label="Office Munich")
    expect(page.locator("#sentence")).to_contain_text(
        "4 working hours (Office Munich) after a case was opened"
    )
    assert visitor.complaints == []


def test_a_rule_can_be_made_without_script(whole_system: RunningSystem, browser: Browser) -> None:
    context = browser.new_context(base_url=whole_system.web, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password").fill("a password for the tests")
    page.get_by_role("button", name="Sign in").click()
    page.goto("/rules/new")
    page.get_by_label("Name", exact=True).fill("Without script")
    page.locator(".cw-tab", has_text="Actions").click()
    page.get_by_label("Action to add").select_option(label="Add a note")
    page.get_by_role("button", name="Add action").click()
    page.locator(".cw-action textarea").fill("By hand")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Without script")).to_be_visible()
    expect(page.locator(".cw-readback")).to_contain_text("note “By hand”")
    context.close()


def test_the_api_of_rules_answers_as_its_document_says(whole_system: RunningSystem) -> None:
    api = whole_system.api()
    rule = api.post("/rules", name="By a program", actions=[{"do": "add_tags", "tags": ["x"]}])
    number = rule["rule"]["id"]
    calendar = api.post("/calendars", name="By a program", country="DE", subdivision="BY")["id"]
    fields = {"name": "By a program", "subject": "{{ case.number }}", "text": "x"}
    template = api.post("/templates", **fields)["id"]
    case = api.post("/cases", subject="For the program", state="open")
    wait_for(lambda: api.get("/firings", rule_id=number)["items"], "the firing")
    api.patch(f"/rules/{number}", version=1, active=False)
    api.post("/rules/order", 200, ids=[number])
    assert api.get("/rules")["items"][0]["id"] == number
    filled = api.post("/templates/preview", 200, number=case["number"], subject=fields["subject"])
    assert filled["subject"] == str(case["number"])
    document = api.get("/openapi.json")
    for pattern, key, query in (
        ("/rules/{id}", number, {}),
        ("/rules/{id}/summary", number, {"days": 7}),
        ("/rules/{id}/failures", number, {}),
        ("/rules/{id}/history", number, {}),
        ("/firings", number, {"rule_id": number, "limit": 1}),
        ("/templates/{id}", template, {}),
        ("/templates/{id}/history", template, {}),
        ("/calendars/{id}", calendar, {}),
        ("/calendars/{id}/history", calendar, {}),
        ("/holidays", calendar, {"country": "DE", "subdivision": "BY", "year": 2026}),
        ("/countries", calendar, {}),
    ):
        answer = api.get(pattern.format(id=key), **query)
        assert answer.get("items", True) or "failures" in pattern, pattern
        operation = document["paths"][f"/api/v1{pattern}"]["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema_rs.validate({**schema, "components": document["components"]}, answer)
    tried = api.post("/rules/try", 200, id=number, days=1, fields={"criteria": {"tag": "none"}})
    assert tried["count"] == 0
    assert api.get("/rules")["items"][0]["criteria"]["tag"] is None


PAGES = {
    "rules": "/rules",
    "rule-new": "/rules/new",
    "templates": "/templates",
    "template": "/templates/new",
    "calendars": "/calendars",
    "calendar": "/calendars/new",
}


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_page_of_rules_stands_at_every_width(
    whole_system: RunningSystem, browser: Browser, size: str, scheme: str
) -> None:
    visitor = Visitor(browser, whole_system.web, size, scheme)
    visitor.sign_in()
    rule = whole_system.api().get("/rules")["items"][0]["id"]
    more = {"rule": f"/rules/{rule}", "try": f"/rules/{rule}/try?try_days=30"}
    for name, address in (PAGES | more).items():
        answer = visitor.page.goto(address)
        assert answer is not None and answer.status == 200, name
        visitor.page.wait_for_load_state("networkidle")
        visitor.shot(name)
    assert visitor.complaints == []
