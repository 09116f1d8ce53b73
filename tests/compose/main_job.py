"""What Casewire is for, through the containers: a mail becomes a case, its answer a mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import requests

from compose.company import SITE, Company, wait_for
from compose.places import ROOT, ComposeTestError

PICTURE = ROOT / "docs" / "screenshot.png"
CUSTOMER = "carla@customers.example"


def mail_to_answer(company: Company, subject: str) -> int:
    """One mail with a file, all the way to the answer in her mailbox; the case's number."""
    company.send(CUSTOMER, subject, "It prints stripes. See the picture.", PICTURE)
    api = company.api()
    case = case_of(company, subject)
    detail = api.get(f"/cases/{case['number']}/messages")["items"][0]
    path = f"/cases/{case['number']}/messages/{detail['number']}/attachments/0"
    got = api._session.get(f"{api.base}{path}", timeout=30)
    if got.content != PICTURE.read_bytes():
        raise ComposeTestError(
            f"the attachment came as {got.status_code}, {len(got.content)} bytes"
        )
    before = len(company.mails_of(CUSTOMER))
    api.post(f"/cases/{case['number']}/messages", text="Please clean the drum.", kind="reply")
    wait_for(lambda: len(company.mails_of(CUSTOMER)) > before, "the answer in her mailbox")
    answer = company.mails_of(CUSTOMER)[-1]
    body = answer.get_body(("plain",))
    if f"[{case['number']}]" not in answer["Subject"] or body is None:
        raise ComposeTestError(f"the answer is not what it should be: {answer['Subject']}")
    if "Please clean the drum." not in body.get_content():
        raise ComposeTestError("the answer does not say what was written")
    return int(case["number"])


def case_of(company: Company, subject: str) -> dict[str, Any]:
    """The one case of a mail, once it is there."""

    def look() -> list[dict[str, Any]]:
        with suppress(requests.ConnectionError, AssertionError):
            return list(company.api().get("/cases", q=subject)["items"])
        return []

    (case,) = wait_for(look, f"a case of {subject!r}")
    return dict(case)


def send_many(company: Company, word: str, count: int) -> list[str]:
    """Mails of many customers; their subjects."""
    subjects = [f"{word} {number:03d}" for number in range(count)]
    for number, subject in enumerate(subjects):
        company.send(f"customer{number}@customers.example", subject, "Please help.")
    return subjects


def each_is_one_case(company: Company, word: str, subjects: Sequence[str]) -> None:
    """Wait until each mail is a case; raises ComposeTestError when one is two."""

    def there() -> Counter[str] | None:
        with suppress(requests.ConnectionError, AssertionError):
            found = Counter(case["subject"] for case in company.api().all_of("/cases", q=word))
            return found if len(found) >= len(subjects) else None
        return None

    found = wait_for(there, f"cases of {len(subjects)} mails", 180)
    if found != Counter(subjects):
        raise ComposeTestError(f"mails and cases differ: {found}")


def stream_is_passed_on(company: Company) -> None:
    """What happens reaches an open page at once, through the proxy."""
    browser = company.browser()
    with browser.get(f"{SITE}/live", stream=True, timeout=60) as stream:
        if stream.headers["Content-Type"].partition(";")[0] != "text/event-stream":
            raise ComposeTestError(f"no stream: {stream.status_code} {stream.headers}")
        company.api().post("/cases", subject="Told at once", state="open")
        for line in stream.iter_lines():
            if line.startswith(b"data:"):
                return
    raise ComposeTestError("the stream ended before it told of the new case")
