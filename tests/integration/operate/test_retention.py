"""RAW_MAIL_DAYS: the gateway drops old originals by itself, and the pages say so."""

from __future__ import annotations

from typing import Any

import requests
from builders.mail_program import new_mail
from sqlalchemy import text
from support.mail_office import database_of
from support.system import PASSWORD, RunningSystem, wait_for


def the_mail(system: RunningSystem) -> dict[str, Any] | None:
    found = system.api().get("/mails", q="remembered")["items"]
    return dict(system.api().get(f"/mails/{found[0]['id']}")) if found else None


def test_an_old_original_is_dropped_and_its_case_keeps_what_it_said(system: RunningSystem) -> None:
    mail = new_mail(
        "old@blue.example", "s@ours.example", "Long remembered", "Hello", attachment=b"picture"
    )
    assert system.deliver(mail.as_bytes()) == 0
    wait_for(lambda: (the_mail(system) or {}).get("filed"), "the mail's place")
    system.kill("mailgw")
    database = database_of(system, "mailgw")
    with database.write() as connection:
        connection.execute(text("UPDATE raw_mails SET received_at = '2026-01-01 00:00:00'"))
    database.close()
    system.start_service("mailgw")
    system.wait_until_ready("mailgw")
    dropped = wait_for(lambda: _dropped(system), "the end of the original")

    page = signed_in(system)
    path = f"{system.web}/mails/{dropped['id']}"
    shown = page.get(path).text
    assert "Its original is not kept any more" in shown
    assert "/download" not in shown
    assert page.get(f"{path}/download").status_code == 404
    entry = f"{system.web}/cases/{dropped['case_number']}/messages/{dropped['message_number']}"
    assert page.get(f"{entry}/attachments/0").content == b"picture"


def _dropped(system: RunningSystem) -> dict[str, Any] | None:
    found = the_mail(system)
    return found if found and found["dropped_at"] else None


def signed_in(system: RunningSystem) -> requests.Session:
    """As a browser that has signed in."""
    browser = requests.Session()
    form = browser.get(f"{system.web}/sign-in").text
    token = form.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    given = {"csrf_token": token, "name": "admin", "password": PASSWORD}
    browser.post(f"{system.web}/sign-in", data=given)
    return browser
