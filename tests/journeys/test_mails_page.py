"""Mails as operators see them: what became of each and why, and what they decide (M10, M11)."""

from __future__ import annotations

import re
import socket
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect
from support.browser import LOOKS, Visitor, signed_in
from support.system import RunningSystem, wait_for

UNREADABLE = b"Subject: Nobody wrote this\r\nMessage-ID: <odd@blue.example>\r\n\r\nboo\r\n"
HOSTILE = (
    b"From: Eve <eve@red.example>\r\nSubject: <script>alert(1)</script> printer\r\n"
    b"X-Odd: \x1b[31m\xe2\x80\xae\r\nContent-Type: text/html\r\n\r\n"
    b"<img src=x onerror=alert(2)><script>document.title='owned'</script>"
)
AWAY = (
    b"From: Bob <bob@red.example>\r\nSubject: Out of office\r\nMessage-ID: <away@red.example>\r\n"
    b"Auto-Submitted: auto-replied\r\n\r\nI am on the beach.\r\n"
)
SPAM = (
    b"From: Rich <rich@green.example>\r\nSubject: Cheap watches\r\nMessage-ID: <w@x.example>\r\n"
    b"X-Spam-Flag: YES\r\n\r\nBuy now.\r\n"
)
LETTER = (
    b"From: Ann Lee <ann@blue.example>\r\nTo: support@company.example\r\n"
    b"Subject: The printer smokes\r\nMessage-ID: <smoke@blue.example>\r\n\r\nPlease help.\r\n"
)


def mails(system: RunningSystem, **asked: Any) -> list[dict[str, Any]]:
    return list(system.api().get("/mails", **asked)["items"])


def one(system: RunningSystem, status: str, **asked: Any) -> dict[str, Any]:
    """The newest mail that became this; what is still on its way to a case does not count."""

    def there() -> dict[str, Any] | None:
        found = mails(system, status=status, **asked)
        return found[0] if found and (status != "filed" or found[0]["filed"]) else None

    return wait_for(there, f"a mail that is {status}")


@pytest.fixture(scope="module", autouse=True)
def delivered(whole_system: RunningSystem) -> None:
    for raw in (UNREADABLE, HOSTILE, AWAY, SPAM, LETTER):
        assert whole_system.deliver(raw) == 0
    one(whole_system, "filed", q="smokes")


def open_mail(page: Page, subject: str) -> None:
    page.goto("/mails")
    page.get_by_role("link", name=subject).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)


def test_M11_the_walk_of_a_mail_is_read_from_its_page_and_leads_to_its_case(
    whole_system: RunningSystem, browser: Browser
) -> None:
    visitor = signed_in(browser, whole_system.web)
    page = visitor.page
    open_mail(page, "The printer smokes")
    walk = page.locator(".cw-walk li")
    names = [item["name"] for item in whole_system.api().get("/mail-filters")["items"]]
    expect(walk).to_have_count(len(names))
    assert walk.first.inner_text().startswith(names[0].replace("_", " "))
    expect(page.locator(".cw-became")).to_contain_text("On case")
    page.locator(".cw-became").get_by_role("link", name=re.compile(r"^\[\d+\]$")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The printer smokes")
    page.get_by_role("link", name="The mail it came by").first.click()
    expect(page).to_have_url(re.compile(r"/mails/[0-9a-f-]{36}$"))
    expect(page.locator("code").first).to_have_text("<smoke@blue.example>")
    assert visitor.complaints == []


def test_M11_an_unreadable_mail_stands_in_quarantine_and_is_tried_again(
    whole_system: RunningSystem, browser: Browser
) -> None:
    page = signed_in(browser, whole_system.web).page
    page.goto("/mails?status=quarantined")
    page.get_by_role("link", name="Nobody wrote this").click()
    expect(page.locator(".cw-became")).to_contain_text("it names no usable sender")
    before = whole_system.metric("mailgw", "casewire_mails_quarantined_total")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Administrator had it tried again")).to_be_visible()

    def looked_into() -> bool:
        return whole_system.metric("mailgw", "casewire_mails_quarantined_total") > before

    wait_for(looked_into, "the second look")
    page.reload()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_M10_a_mail_held_as_spam_is_let_in_and_becomes_a_case(
    whole_system: RunningSystem, browser: Browser
) -> None:
    assert one(whole_system, "quarantined", q="watches")["case_number"] is None
    page = signed_in(browser, whole_system.web).page
    open_mail(page, "Cheap watches")
    expect(page.locator(".cw-walk .is-yes")).to_contain_text(["is spam"])
    page.get_by_role("button", name="Let in").click()
    expect(page.get_by_text("Administrator let it in")).to_be_visible()
    made = one(whole_system, "filed", q="watches")
    assert whole_system.api().get(f"/cases/{made['case_number']}")["subject"] == "Cheap watches"


def test_M10_what_was_set_aside_becomes_a_case_by_hand(
    whole_system: RunningSystem, browser: Browser
) -> None:
    one(whole_system, "aside", q="out of office")
    page = signed_in(browser, whole_system.web).page
    open_mail(page, "Out of office")
    page.get_by_role("button", name="Make a case of it").click()
    expect(page.get_by_text("Administrator had a case made of it")).to_be_visible()
    made = one(whole_system, "filed", q="out of office")
    assert made["case_number"] and made["filed"] == "new"
    case = whole_system.api().get(f"/cases/{made['case_number']}")
    assert case["subject"] == "Out of office"


def test_M11_the_source_of_a_mail_is_shown_and_nothing_of_it_runs(
    whole_system: RunningSystem, browser: Browser
) -> None:
    visitor = signed_in(browser, whole_system.web)
    page = visitor.page
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    open_mail(page, "<script>alert(1)</script> printer")
    page.get_by_text("Source", exact=True).click()
    expect(page.locator(".cw-source pre").last).to_contain_text("onerror=alert(2)")
    page.get_by_text("Headers", exact=True).click()
    expect(page.locator(".cw-source pre").first).to_contain_text("\\x1b[31m\\u202e")
    assert page.locator(".cw-source script, .cw-source img").count() == 0
    with page.expect_download() as download:
        page.get_by_role("link", name="Download", exact=True).click()
    assert download.value.suggested_filename.endswith(".eml")
    assert download.value.path().read_bytes() == HOSTILE
    assert dialogs == [] and visitor.complaints == []
    assert "owned" not in page.title()


def test_M11_a_mail_as_a_file_is_never_run_by_a_browser(whole_system: RunningSystem) -> None:
    api = whole_system.api()
    mail = mails(whole_system, q="script")[0]
    token = api.post("/tokens", 201, name="admin", password="a password for the tests")["token"]
    request = Request(
        f"{whole_system.web}/api/v1/mails/{mail['id']}/raw",
        headers={"Authorization": f"Bearer {token}"},
    )
    with urlopen(request, timeout=10) as answer:
        assert answer.read() == HOSTILE
        headers = answer.headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in headers["Content-Security-Policy"]


def test_M11_a_waiting_mail_is_tried_again_or_given_up_which_its_case_is_told(
    whole_system: RunningSystem, browser: Browser
) -> None:
    api = whole_system.api()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    account = {
        "name": "dead", "server": "127.0.0.1", "port": port, "security": "none",
        "address": "support@company.example",
    }  # fmt: skip
    api.post("/accounts/outgoing", 201, **account)
    api.post("/accounts/outgoing/dead/approve", 204)
    number = one(whole_system, "filed", q="smokes")["case_number"]
    api.post(f"/cases/{number}/messages", 201, text="Switch it off.", kind="reply")

    def waiting() -> list[dict[str, Any]]:
        items = api.get("/outgoing-mails")["items"]
        return [item for item in items if item["why"] and item["status"] == "queued"]

    wait_for(waiting, "a mail that waits")
    page = signed_in(browser, whole_system.web).page
    page.goto("/mails")
    page.get_by_role("link", name="Going out").click()
    row = page.get_by_role("row").filter(has_text="to ann@blue.example")
    row.get_by_role("button", name="Try again now").click()
    wait_for(waiting, "the mail after its second attempt")
    page.goto("/outgoing-mails")
    row.get_by_role("button", name="Give up").click()
    page.get_by_role("link", name="Given up").click()
    expect(row).to_contain_text("given up by Administrator")

    def told() -> bool:
        remarks = [entry["remark"] for entry in api.get(f"/cases/{number}")["messages"]]
        return any("given up by Administrator" in remark for remark in remarks)

    wait_for(told, "the case's word of it")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_M11_the_pages_of_mails_look_right(
    whole_system: RunningSystem, browser: Browser, size: str, scheme: str
) -> None:
    visitor = Visitor(browser, whole_system.web, size, scheme)
    visitor.sign_in()
    page = visitor.page
    for name, address in (
        ("mails", "/mails"),
        ("mails-none", "/mails?q=nothinglikethis"),
        ("mails-filters", "/mails/filters"),
        ("mails-out", "/outgoing-mails"),
        ("mails-failed", "/outgoing-mails?status=failed"),
    ):
        page.goto(address)
        visitor.shot(name)
    open_mail(page, "The printer smokes")
    page.get_by_text("Source", exact=True).click()
    expect(page.locator(".cw-source")).to_be_visible()
    visitor.shot("mail")
    open_mail(page, "Nobody wrote this")
    visitor.shot("mail-quarantined")
    assert visitor.complaints == []
