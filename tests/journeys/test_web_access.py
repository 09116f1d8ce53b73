"""Signing in as people do: second factor, lost password, other sessions, single sign-on (O3).

Screenshots go to build/screenshots/.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect
from support.browser import SIZES, WIDE, Visitor
from support.mail_office import database_of, read
from support.oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider
from support.smtp_peer import SmtpPeer
from support.system import ROOT, Api, RunningSystem, wait_for

from services.mailgw.tables import outgoing

HERS, NEW = "a password of hers", "a better one of hers"


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcProvider]:
    made = OidcProvider(asks=True)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def system(
    own_broker: str,
    tmp_path_factory: pytest.TempPathFactory,
    provider: OidcProvider,
    peer: SmtpPeer,
) -> Iterator[RunningSystem]:
    subprocess.run([ROOT / "deploy/local/static.sh"], check=True)
    made = RunningSystem(
        tmp_path_factory.mktemp("access") / "home",
        own_broker,
        WEB_OIDC_ISSUER=provider.issuer,
        WEB_OIDC_CLIENT_ID=CLIENT_ID,
        WEB_OIDC_CLIENT_SECRET=CLIENT_SECRET,
        WEB_OIDC_NAME="Our directory",
    )
    with made.running():
        api = made.api()
        api.post("/accounts/outgoing", **peer.account())
        api.post("/accounts/outgoing/out/approve", 204)
        yield made


def new_user(system: RunningSystem, login: str, **more: str) -> str:
    address = f"{login}@ours.example"
    fields = {"login": login, "name": login.title(), "address": address, "password": HERS}
    system.api().post("/users", **{**fields, **more})
    return address


def visitor_of(browser: Browser, system: RunningSystem, size: str, login: str) -> Visitor:
    visitor = Visitor(browser, system.web, size)
    visitor.sign_in(login, HERS)
    return visitor


def code(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30 * steps))


def to_my_account(page: Page, size: str, heading: str = "My account") -> None:
    if size == "telephone":
        page.get_by_role("link", name="Menu").click()
    page.get_by_role("navigation").get_by_title(heading).click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()


def give_password(page: Page, login: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Name").fill(login)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("size", SIZES)
def test_O3_second_factor_from_the_first_code_to_a_recovery_code(
    system: RunningSystem, browser: Browser, size: str
) -> None:
    login = f"totp-{size}"
    new_user(system, login)
    visitor = visitor_of(browser, system, size, login)
    page = visitor.page
    to_my_account(page, size)
    page.get_by_role("link", name="Set up a second factor").click()
    picture = page.get_by_role("img", name="QR code")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    visitor.shot("two-factor")
    secret = (page.locator("code").text_content() or "").replace(" ", "")
    page.get_by_label("The code that it shows").fill(code(secret, -1))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    recovery = page.locator(".cw-codes code").all_text_contents()
    assert len(recovery) == 10
    visitor.shot("recovery-codes")
    page.get_by_role("link", name="I have kept them").click()
    visitor.shot("my-account")

    other = Visitor(browser, system.web, size)
    give_password(other.page, login, HERS)
    other.page.get_by_label("Code").fill("000000")
    other.page.get_by_role("button", name="Sign in").click()
    expect(other.page.get_by_text("This code is wrong")).to_be_visible()
    other.shot("second-step")
    other.page.get_by_label("Code").fill(code(secret))
    other.page.get_by_role("button", name="Sign in").click()
    expect(other.page).to_have_url(re.compile(r"/cases"))

    third = Visitor(browser, system.web, size)
    give_password(third.page, login, HERS)
    third.page.get_by_label("Code").fill(recovery[3])
    third.page.get_by_role("button", name="Sign in").click()
    to_my_account(third.page, size)
    expect(third.page.get_by_text("9 recovery codes are left")).to_be_visible()
    # Of a program the code is asked as well.
    api = Api(system.web)
    told = api.post("/tokens", 401, name=login, password=HERS)
    assert "give the code" in told["detail"]
    api.post("/tokens", 201, name=login, password=HERS, code=code(secret, 1))
    assert visitor.complaints == other.complaints == third.complaints == []


@pytest.mark.parametrize("size", WIDE)
def test_O3_an_ended_session_leads_to_signing_in(
    system: RunningSystem, browser: Browser, size: str
) -> None:
    login = f"sessions-{size}"
    new_user(system, login)
    here = visitor_of(browser, system, size, login)
    there = visitor_of(browser, system, size, login)
    to_my_account(here.page, size)
    sessions = here.page.get_by_role("region", name="Sessions").get_by_role("row")
    here.page.get_by_role("button", name="End the session").click()
    expect(here.page.get_by_text("The session has ended.")).to_be_visible()
    expect(sessions.filter(has_text="this one")).to_have_count(1)
    there.page.goto("/cases?state=open")
    expect(there.page.get_by_role("button", name="Sign in")).to_be_visible()
    assert "next=/cases" in there.page.url

    there.sign_in(login, HERS)
    page = here.page
    page.get_by_label("Present password").fill(HERS)
    page.get_by_label("New password", exact=True).fill("hunter2")
    page.get_by_label("New password once more").fill("hunter2")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("This password is too short")).to_be_visible()
    here.shot("my-account-refused")
    page.get_by_label("Present password").fill(HERS)
    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_label("New password once more").fill(NEW)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    there.page.reload()
    expect(there.page.get_by_role("button", name="Sign in")).to_be_visible()
    Api(system.web).sign_in(login, NEW)
    assert here.complaints == there.complaints == []


@pytest.mark.parametrize("size", WIDE)
def test_O3_a_forgotten_password_is_set_by_the_link_of_a_mail(
    system: RunningSystem, browser: Browser, peer: SmtpPeer, size: str
) -> None:
    login = f"forgot-{size}"
    address = new_user(system, login, language="fr")
    cases = system.api().get("/cases")["items"]
    visitor = Visitor(browser, system.web, size)
    page = visitor.page
    page.goto("/")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("Name or mail address").fill(login)
    visitor.shot("forgot-password")
    page.get_by_role("button", name="Send the mail").click()
    expect(page.get_by_text("If there is such a user")).to_be_visible()
    visitor.shot("forgot-password-asked")

    def come() -> list[str]:
        mails = [read(one) for one in peer.mails if one.recipients == (address,)]
        assert all(mail["Auto-Submitted"] == "auto-generated" for mail in mails)
        bodies = [mail.get_body(("plain",)) for mail in mails]
        return [body.get_content() for body in bodies if body is not None]

    text = wait_for(come, "the mail with the link")[0]
    assert "Choisissez-le ici" in text
    found = re.search(r"http://\S+/reset-password/(\S+)", text)
    assert found is not None
    page.goto(found[0])
    assert page.url.endswith("/reset-password")
    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_label("New password once more").fill(NEW)
    visitor.shot("reset-password")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text("Your new password is set.")).to_be_visible()
    page.get_by_role("link", name="Sign in").click()
    give_password(page, login, HERS)
    expect(page.get_by_text("The name or the password is wrong.")).to_be_visible()
    give_password(page, login, NEW)
    to_my_account(page, size, "Mon compte")  # who is signed in reads his own language
    page.goto(found[0])
    expect(page.get_by_role("heading", name="This link is over")).to_be_visible()
    # It made no case, and nothing of it is left in a log, nor in the queue once it is sent.
    assert system.api().get("/cases")["items"] == cases
    assert not any(found[1] in system.log(name) for name in ("web", "mailgw", "cases"))

    def forgotten() -> bool:
        with database_of(system, "mailgw").read() as connection:
            rows = connection.execute(outgoing.select()).all()
        return all(row.status == "sent" and found[1] not in row.payload for row in rows)

    wait_for(forgotten, "a queue without the link")
    assert visitor.complaints == []


def test_O3_single_sign_on_by_the_provider_and_back(
    system: RunningSystem, browser: Browser, provider: OidcProvider
) -> None:
    provider.claims = {"email": new_user(system, "single")}
    visitor = Visitor(browser, system.web, "desk")
    page = visitor.page
    page.goto("/report?by=kind")
    visitor.shot("sign-in-single")
    page.get_by_role("link", name="Sign in with Our directory").click()
    expect(page.get_by_role("heading", name="Provider")).to_be_visible()
    page.get_by_role("link", name="Yes").click()
    expect(page.get_by_role("heading", name="Report", exact=True)).to_be_visible()
    assert page.url.endswith("/report?by=kind")
    provider.claims = {"email": "stranger@ours.example"}
    stranger = Visitor(browser, system.web, "desk")
    stranger.page.goto("/sign-in")
    stranger.page.get_by_role("link", name="Sign in with Our directory").click()
    stranger.page.get_by_role("link", name="Yes").click()
    expect(stranger.page.get_by_text("This did not sign you in.")).to_be_visible()
    assert visitor.complaints == stranger.complaints == []


@pytest.mark.parametrize("size", WIDE)
def test_O3_who_is_locked_out_waits_or_is_unlocked(
    system: RunningSystem, browser: Browser, size: str
) -> None:
    login = f"locked-{size}"
    new_user(system, login)
    user = next(one for one in system.api().get("/users")["items"] if one["login"] == login)
    visitor = Visitor(browser, system.web, size)
    for _ in range(5):
        Api(system.web).post("/tokens", 401, name=login, password="not her password")
    give_password(visitor.page, login, "not her password")
    expect(visitor.page.get_by_text("Try again in 1 minute.")).to_be_visible()
    visitor.shot("locked-out")
    admin = Visitor(browser, system.web, size)
    admin.sign_in()
    admin.page.goto(f"/users/{user['id']}")
    admin.shot("user-locked")
    admin.page.get_by_role("button", name="Unlock").click()
    expect(admin.page.get_by_text("not blocked")).to_be_visible()
    admin.page.get_by_role("link", name="All sign-ins").click()
    expect(admin.page.get_by_role("heading", name="Sign-ins")).to_be_visible()
    expect(admin.page.get_by_text("Turned away").last).to_be_visible()
    admin.shot("sign-ins")
    give_password(visitor.page, login, HERS)
    to_my_account(visitor.page, size)
    assert visitor.complaints == admin.complaints == []
