"""Accounts as an administrator sets them up in the pages, at a real Dovecot (M1, M2, M3, M5)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from support.browser import LOOKS, Visitor, signed_in
from support.dovecot import PASSWORD, DovecotServer
from support.system import RunningSystem, wait_for

LETTER = (
    b"From: Ann Lee <ann@blue.example>\r\nTo: support@company.example\r\n"
    b"Subject: The scanner hums\r\nMessage-ID: <hum@blue.example>\r\n\r\nPlease help.\r\n"
)


@pytest.fixture(scope="module")
def dovecot() -> Iterator[DovecotServer]:
    made = DovecotServer()
    try:
        made.start()
        yield made
    finally:
        made.destroy()


def press(page: Page, row: str, button: str) -> None:
    page.get_by_role("row").filter(has_text=row).get_by_role("button", name=button).click()


def told(page: Page, words: str) -> None:
    expect(page.get_by_role("status").first).to_contain_text(words)


def test_M2_a_mailbox_with_a_self_signed_certificate_is_set_up_and_fetched(
    whole_system: RunningSystem, browser: Browser, dovecot: DovecotServer
) -> None:
    dovecot.append(LETTER)
    visitor = signed_in(browser, whole_system.web)
    page = visitor.page
    page.goto("/accounts/incoming/new")
    page.get_by_label("Name", exact=True).fill("Support")
    page.get_by_label("Mail address").fill("support@company.example")
    page.get_by_label("Server", exact=True).fill("127.0.0.1")
    page.get_by_label("Port").fill(str(dovecot.tls_port))
    page.get_by_label("Login").fill("support")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Save").click()
    press(page, "Support", "Test")
    told(page, "shows a certificate that cannot be trusted")

    page.get_by_role("link", name="Support", exact=True).click()
    expect(page.get_by_text("No active rule assigns its new cases")).to_be_visible()
    listed = whole_system.api().get("/accounts/incoming")["items"]
    assert any("No active rule assigns" in told for one in listed for told in one["warnings"])
    certificate = page.get_by_label("Certificate of the server")
    expect(certificate).to_be_hidden()
    page.locator("summary", has_text="More").click()
    certificate.fill("nonsense")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("give one or more certificates in PEM")).to_be_visible()
    certificate.fill(dovecot.certificate.read_text())
    page.get_by_role("button", name="Save").click()
    press(page, "Support", "Test")
    told(page, "the connection works")

    press(page, "Support", "Confirm")
    press(page, "Support", "Fetch")
    told(page, "new mail")  # one, or none where the poll came first
    case = wait_for(
        lambda: whole_system.api().get("/cases", q="scanner")["items"], "a case of the mail"
    )
    assert case[0]["subject"] == "The scanner hums"
    page.goto("/accounts")
    row = page.get_by_role("row").filter(has_text="Support")
    expect(row).to_contain_text("in use")
    expect(row).to_contain_text("1 fetched")
    (account,) = whole_system.api().get("/accounts/incoming")["items"]
    assert account["fares"]["passed"] == 1 and account["fares"]["failures"] == 0
    assert visitor.complaints == []


def test_M2_no_secret_is_in_a_log_an_answer_or_a_page(
    whole_system: RunningSystem, browser: Browser
) -> None:
    api = whole_system.api()
    page = signed_in(browser, whole_system.web).page
    page.goto("/accounts/incoming/Support")
    told_everywhere = [
        page.content(),
        str(api.get("/accounts/incoming")),
        *(whole_system.log(name) for name in ("mailgw", "web", "cases")),
    ]
    assert not any(PASSWORD in text for text in told_everywhere)


def test_M2_no_secret_is_in_any_database_event_or_file(
    whole_system: RunningSystem, dovecot: DovecotServer
) -> None:
    """Used with success and without, they stand nowhere in clear: not in what was published."""
    secrets = {
        "password": "Pl41n-Word-of-Mine",
        "client_secret": "Cl13nt-Word-of-Mine",
        "refresh_token": "R3fresh-Word-of-Mine",
    }
    api = whole_system.api()
    wrong = dovecot.account(name="Wrong", sign_in="oauth2", token_url="https://127.0.0.1:1/t")
    api.post("/accounts/incoming", **wrong, **secrets, client_id="us")
    api.post("/accounts/incoming/Wrong/test", 200)
    api.post("/accounts/incoming/Wrong/approve", 204)
    api.post("/accounts/fetch?name=Wrong", 200)
    found = []
    for path in whole_system.home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found += [(path.name, one) for one in secrets.values() if one.encode() in content]
            assert PASSWORD.encode() not in content, path
    assert found == []
    assert (whole_system.home / "mailgw.sqlite3").stat().st_size > 0
    api.delete("/accounts/incoming/Wrong")


def test_M1_an_account_is_approved_switched_off_and_deleted(
    whole_system: RunningSystem, browser: Browser
) -> None:
    fields = {"name": "Out", "server": "127.0.0.1", "address": "out@company.example", "port": 1}
    whole_system.api().post("/accounts/outgoing", **fields)
    visitor = signed_in(browser, whole_system.web)
    page = visitor.page
    page.goto("/accounts")
    press(page, "Out", "Test")
    told(page, "Out: 127.0.0.1 (port 1) refuses connections")
    press(page, "Out", "Approve")
    press(page, "Out", "Switch off")
    expect(page.get_by_role("row").filter(has_text="Out")).to_contain_text("not approved")
    page.get_by_role("link", name="Out", exact=True).click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    assert whole_system.api().get("/accounts/outgoing")["items"] == []
    assert visitor.complaints == []


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_M2_the_pages_of_accounts_fit(
    whole_system: RunningSystem, browser: Browser, size: str, scheme: str
) -> None:
    visitor = Visitor(browser, whole_system.web, size, scheme)
    visitor.sign_in()
    fields = {"name": "Away", "server": "127.0.0.1", "address": "away@company.example", "port": 1}
    known = whole_system.api().get("/accounts/incoming")["items"]
    if all(one["name"] != "Away" for one in known):
        whole_system.api().post("/accounts/incoming", **fields)
        whole_system.api().post("/accounts/incoming/Away/approve", 204)
        whole_system.api().post("/accounts/fetch?name=Away", 200)
    visitor.page.goto("/accounts")
    expect(visitor.page.get_by_role("row").filter(has_text="Away")).to_contain_text("refuses")
    visitor.shot("accounts")
    for direction in ("incoming", "outgoing"):
        visitor.page.goto(f"/accounts/{direction}/new")
        visitor.shot(f"account-{direction}")
        visitor.page.locator("summary", has_text="More").click()
        visitor.shot(f"account-{direction}-more")
    assert visitor.complaints == []
