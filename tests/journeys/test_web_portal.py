"""Issue 5 item 6: a customer follows, answers and closes his case by the link in a mail.

Screenshots go to build/screenshots/.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from builders.mail_program import answer_to, new_mail
from playwright.sync_api import Browser, Page, expect
from support.browser import Visitor, signed_in
from support.mail_office import read
from support.smtp_peer import SmtpPeer
from support.system import Api, RunningSystem, wait_for

SUPPORT, EVE = "support@ours.example", "eve@ours.example"
ANN, CARL = "Ann Blue <ann@blue.example>", "carl@blue.example"
LINK = re.compile(r"http://127\.0\.0\.1:\d+(/portal/[0-9a-z-]+)")


class Desk:
    """The running system, the mails that left it, and what a customer does."""

    def __init__(self, system: RunningSystem, peer: SmtpPeer) -> None:
        self.system, self.peer = system, peer
        self.api: Api = system.api()
        eve = self.api.post("/users", login="eve", name="Eve Expert", address=EVE)
        version = self.api.get("/sections/1")["version"]
        self.api.patch("/sections/1", version=version, name="Support", reply_address=SUPPORT)
        self.api.post("/accounts/outgoing", **peer.account(address=SUPPORT))
        self.api.post("/accounts/outgoing/out/approve", 204)
        assign = [{"do": "assign", "to": "user", "user_id": eve["id"]}]
        self.api.post("/rules", name="MARK rule", criteria={"state_from": "none"}, actions=assign)

    def case(self, subject: str, ready: Callable[[dict], bool] = lambda case: True) -> dict:  # type: ignore[type-arg]
        def found() -> dict | None:  # type: ignore[type-arg]
            listed = [c for c in self.api.get("/cases")["items"] if c["subject"] == subject]
            case = self.api.get(f"/cases/{listed[0]['number']}") if listed else None
            return case if case and ready(case) else None

        return wait_for(found, f"the case {subject}", 30)

    def mail_to(self, address: str, *words: str) -> EmailMessage:
        """A mail that the peer took for this address alone or among others."""

        def found() -> EmailMessage | None:
            for one in list(self.peer.mails):
                mail = read(one)
                if address in one.recipients and all(w in text_of(mail) for w in words):
                    return mail
            return None

        return wait_for(found, f"a mail to {address} with {words}", 30)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return f"{mail['Subject']}\n{body.get_content() if body else ''}"


def link_of(mail: EmailMessage) -> str:
    found = LINK.search(text_of(mail))
    html = mail.get_body(("html",))
    assert found is not None and html is not None and f'href="{found[0]}"' in html.get_content()
    return found[1]


@pytest.fixture(scope="module")
def desk(whole_system: RunningSystem) -> Iterator[Desk]:
    peer = SmtpPeer()
    peer.start()
    yield Desk(whole_system, peer)
    peer.stop()


def check(visitor: Visitor, name: str) -> None:
    """A picture, no sideways scrolling, nothing serious by axe, no complaint."""
    visitor.shot(name)
    found = Axe().run(visitor.page).response["violations"]
    assert [one["id"] for one in found] == [], found
    assert visitor.complaints == []


def test_portal_a_customer_follows_answers_and_closes_his_case(
    desk: Desk, browser: Browser, tmp_path: Path
) -> None:
    mail = new_mail(ANN, SUPPORT, "Printer on fire", "It burns on the second floor.", cc=CARL)
    assert desk.system.deliver(mail.as_bytes()) == 0
    number = desk.case("Printer on fire")["number"]
    at_desk = signed_in(browser, desk.system.web)
    agent = at_desk.page
    agent.goto(f"/cases/{number}")
    _write(agent, "MARK: he never pays his bills.", note=True)
    _write(agent, "Please use water, not oil.", then="done")
    to_ann = desk.mail_to("ann@blue.example", "use water")
    assert "/portal/" not in text_of(desk.mail_to(CARL, "use water"))
    assert "/portal/" not in text_of(desk.mail_to(EVE, "use water"))
    ann = Visitor(browser, desk.system.web, "desk")
    ann.page.goto(link_of(to_ann))
    _sees_what_was_mailed(ann)
    _answers(ann, tmp_path)
    passed_on = desk.mail_to(EVE, "It burns again")
    assert [part.get_filename() for part in passed_on.iter_attachments()] == ["flames.png"]
    agent.goto(f"/cases/{number}")
    entry = agent.locator(".cw-entry", has_text="It burns again")
    for words in ("Ann Blue", "through the portal"):
        expect(entry).to_contain_text(words)
    expect(entry.get_by_role("link", name="flames.png")).to_be_visible()
    assert desk.case("Printer on fire")["state"] == "open"
    _closes(desk, ann, agent)
    at_desk.shot("portal-agent")
    _answers_by_mail(desk, ann, to_ann)
    agent.reload()
    agent.get_by_role("button", name="End portal links").click()
    expect(agent.locator(".cw-history > li").first).to_contain_text("Portal links ended")
    ann.page.reload()
    expect(ann.page.get_by_role("heading", level=1)).to_have_text(
        "This link does not work any more"
    )
    check(ann, "portal-gone")


def _sees_what_was_mailed(ann: Visitor) -> None:
    page = ann.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Printer on fire")
    for shown in ("It burns on the second floor.", "Please use water, not oil.", "Closed"):
        expect(page.get_by_text(shown, exact=True).first).to_be_visible()
    for mark in ("MARK", EVE, "rule", "Eve Expert"):
        assert mark not in page.content()
    check(ann, "portal-closed")


def _answers(ann: Visitor, folder: Path) -> None:
    page, picture = ann.page, folder / "flames.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n flames")
    page.get_by_label("Your answer").fill("It burns again, see the picture.")
    page.get_by_label("Attach files").set_input_files(picture)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("We are working on it")).to_be_visible()
    expect(page.locator("#latest")).to_contain_text("It burns again")
    with page.expect_download() as download:
        page.get_by_role("link", name="flames.png").click()
    assert download.value.path().read_bytes() == picture.read_bytes()
    check(ann, "portal-answered")


def _closes(desk: Desk, ann: Visitor, agent: Page) -> None:
    ann.page.get_by_role("button", name="Close this case").click()
    expect(ann.page.get_by_text("This case is closed.")).to_be_visible()
    agent.reload()
    line = agent.locator(".cw-history > li").first
    for words in ("Ann Blue", "changed the state", "through the portal"):
        expect(line).to_contain_text(words)
    assert desk.case("Printer on fire")["state"] == "done"


def _answers_by_mail(desk: Desk, ann: Visitor, to_ann: EmailMessage) -> None:
    """As ever; the quotation is cut, and the link in it is kept nowhere."""
    assert desk.system.deliver(answer_to(to_ann, ANN, "Once more, by mail.").as_bytes()) == 0
    case = desk.case("Printer on fire", lambda one: "by mail" in one["messages"][-1]["text"])
    assert case["messages"][-1]["text"] == "Once more, by mail."
    assert link_of(to_ann).rpartition("/")[2] not in str(case)
    ann.page.reload()
    expect(ann.page.locator("#latest")).to_contain_text("Once more, by mail.")


def _write(page: Page, text: str, *, note: bool = False, then: str = "") -> None:
    page.locator(".cw-switch label", has_text="Internal note" if note else "Reply").click()
    page.get_by_label("Your answer").fill(text)
    if then:
        page.get_by_label("State afterwards").select_option(then)
    page.get_by_role("button", name="Add note" if note else "Send reply").click()
    expect(page.locator(".cw-entry", has_text=text)).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [("desk", "light"), ("telephone", "dark")])
def test_portal_all_cases_by_keyboard_and_without_script(
    desk: Desk, browser: Browser, size: str, scheme: str
) -> None:
    subject, later = f"Lamp {size} {scheme}", f"Door {size} {scheme}"
    address = f"{size}-{scheme}@green.example"
    for one in (subject, later):
        fields = {"contact_address": address, "section_id": 1, "state": "open"}
        number = desk.api.post("/cases", subject=one, **fields)["number"]
        text = f"About {one}. " + "Turn it off and on again, and tell us. " * 8
        desk.api.post(f"/cases/{number}/messages", kind="reply", text=text)
    ann = Visitor(browser, desk.system.web, size, scheme)
    page = ann.page
    page.goto(link_of(desk.mail_to(address, f"About {subject}")))
    _without_mouse(page, "Mail me a link to all my cases")
    expect(page.get_by_role("status")).to_contain_text("on its way")
    check(ann, "portal-case")
    page.goto(link_of(desk.mail_to(address, "good for 24 hours")))
    expect(page.locator(".cases a")).to_have_text([later, subject])
    check(ann, "portal-cases")
    page.get_by_role("link", name=later).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(later)
    _without_mouse(page, "Close this case")
    expect(page.get_by_text("This case is closed.")).to_be_visible()

    plain = browser.new_context(base_url=desk.system.web, java_script_enabled=False).new_page()
    plain.goto(page.url)
    plain.get_by_label("Your answer").fill("No, it is broken again.")
    plain.get_by_role("button", name="Send").click()
    expect(plain.get_by_text("We are working on it")).to_be_visible()


def _without_mouse(page: Page, button: str) -> None:
    """Tab by tab to the button, and press it."""
    wanted = page.get_by_role("button", name=button)
    for _ in range(25):
        page.keyboard.press("Tab")
        if wanted.evaluate("it => it === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"the button {button} cannot be reached by Tab")
