"""R3: a report is mailed on a schedule, with its graph as a picture and all of it as a workbook."""

from __future__ import annotations

import re
import struct
import zipfile
from datetime import timedelta
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import update
from support.browser import Visitor
from support.counted_cases import add_counted_cases
from support.mail_office import database_of, read
from support.smtp_peer import SmtpPeer
from support.system import RunningSystem, wait_for

from services.runtime.clock import now
from services.web.tables import report_mails

SIGNATURE = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def desk(whole_system: RunningSystem, peer: SmtpPeer) -> RunningSystem:
    """A system with the cases of CASES, all of them counted, that sends by the peer."""
    api = whole_system.api()
    api.post("/accounts/outgoing", **peer.account())
    api.post("/accounts/outgoing/out/approve", 204)
    add_counted_cases(api)
    return whole_system


def files_of(mail: EmailMessage) -> dict[str, bytes]:
    """The attachments by their type."""
    found = {part.get_content_type(): part.get_content() for part in mail.iter_attachments()}
    assert len(found) == 2
    return found


def cells_of(workbook: bytes) -> dict[str, str]:
    """What each cell of the first sheet holds, by its place."""
    with zipfile.ZipFile(BytesIO(workbook)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    cells = re.findall(r'<c r="([A-Z]+\d+)"[^>]*>(?:<is><t>|<v>)([^<]*)<', sheet)
    return dict(cells)


def test_R3_a_report_is_mailed_now_and_on_its_schedule(
    desk: RunningSystem, peer: SmtpPeer, browser: Browser, tmp_path: Path
) -> None:
    visitor = Visitor(browser, desk.web, "desk")
    visitor.sign_in()
    page = visitor.page
    page.goto("/report?by=kind&column=state&figure=count&view=graph&shape=stacked")
    line = page.locator('#report tbody tr[data-group="Claim"] td')
    expect(line).to_have_text(["2", "1", "3"])
    page.locator("summary", has_text="Save").click()
    page.get_by_role("link", name="Mail it regularly").click()
    page.get_by_label("Name", exact=True).fill("Claims of the week")
    page.get_by_label("Recipients").fill("boss@partner.example")
    expect(page.get_by_label("Weekday")).to_be_visible()
    expect(page.get_by_label("Day of the month")).to_be_hidden()
    visitor.shot("report-mail-form")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("table")).to_contain_text("Every Monday at 08:00")
    page.get_by_role("link", name="Claims of the week").click()
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(".cw-notice")).to_contain_text("The report is on its way.")
    wait_for(lambda: peer.mails, "the mail")
    mail = read(peer.mails[0])
    check(mail, peer, tmp_path)
    its_turn_has_come(desk)
    wait_for(lambda: len(peer.mails) == 2, "the mail of its turn")
    assert files_of(read(peer.mails[1])).keys() == files_of(mail).keys()
    page.goto("/report/mails")
    expect(page.locator("table")).to_contain_text("in use")
    visitor.shot("report-mails")
    assert len(peer.mails) == 2 and visitor.complaints == []


def check(mail: EmailMessage, peer: SmtpPeer, folder: Path) -> None:
    """It is for the one who was named, and its files hold what the page shows."""
    assert peer.mails[0].recipients == ("boss@partner.example",)
    assert str(mail["Subject"]).startswith("Claims of the week, ")
    assert mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "Cases: 4" in text and "/report?by=kind" in text.replace("\n", "")
    files = files_of(mail)
    picture = files["image/png"]
    (folder / "mailed.png").write_bytes(picture)
    assert picture.startswith(SIGNATURE) and len(picture) > 5_000
    width, height = struct.unpack(">II", picture[16:24])
    assert width == 1224 and 500 < height < 1500
    cells = cells_of(files["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"])
    assert [cells[place] for place in ("A2", "C2", "D2", "E2")] == ["Claim", "2", "1", "3"]


def its_turn_has_come(desk: RunningSystem) -> None:
    with database_of(desk, "web").write() as connection:
        past = now() - timedelta(minutes=1)
        connection.execute(update(report_mails).values(next_at=past))


@pytest.mark.parametrize(("size", "scheme"), [("desk", "dark"), ("telephone", "light")])
def test_R3_its_pages_fit_every_width(
    desk: RunningSystem, browser: Browser, size: str, scheme: str
) -> None:
    desk.api().post(
        "/report-mails",
        name=f"Everything, {size}",
        recipients=["a.very.long.name.of.somebody@subsidiary.partner.example"],
        rhythm="monthly",
        month_day=31,
        hour=7,
        active=False,
    )
    visitor = Visitor(browser, desk.web, size, scheme)
    visitor.sign_in()
    for path in ("/report/mails", "/report/mails/new"):
        visitor.page.goto(path)
        assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        visitor.shot(f"report-mails-{path.rpartition('/')[2]}-{scheme}")
    assert visitor.complaints == []
