"""M11: what a person would read in the mails of tests/corpora is what the gateway reads.

Beside each mail stands what is expected of it, written before the parser saw the mail. `text` is
the new text, whole; `text_begins`, `text_holds`, `text_lacks`, `quoted_begins`, `quoted_holds` and
`all_holds` (text and quotation together) say less. An attachment is its name, type and size in
bytes; `report` is the action, Message-ID and recipients, `receipt` the disposition and Message-ID,
`invitation` the method, UID and start. `yes` names every filter that says yes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from services.mailgw.incoming.parse import parse
from services.mailgw.incoming.pipeline import judge

SAME = (
    *("subject", "sender", "sender_address", "to", "cc", "date", "text", "case_number"),
    *("report", "receipt", "invitation"),
)
CORPORA = Path(__file__).parents[2] / "corpora"
MAILS = sorted(path.relative_to(CORPORA).with_suffix("") for path in CORPORA.rglob("*.eml"))


@pytest.mark.parametrize("name", MAILS, ids=str)
def test_a_mail_is_read_as_a_person_would_read_it(name: Path) -> None:
    expected = yaml.safe_load((CORPORA / f"{name}.yaml").read_text(encoding="utf-8"))
    found = _told(CORPORA / f"{name}.eml")
    for key in SAME:
        if key in expected:
            assert found[key] == expected[key], key
    for key in ("attachments_kinds", "yes"):
        if key in expected:
            assert sorted(found[key]) == sorted(expected[key]), key
    if "attachments" in expected:
        shapes = [len(one) for one in expected["attachments"]]
        told = zip(found["attachments"], shapes, strict=True)
        assert [one[:length] for one, length in told] == expected["attachments"]
    _check_words(expected, found)


def _check_words(expected: dict[str, Any], found: dict[str, Any]) -> None:
    both = f"{found['text']}\n{found['quoted']}"
    assert found["text"].startswith(expected.get("text_begins", ""))
    assert found["quoted"].startswith(expected.get("quoted_begins", ""))
    assert expected.get("quoted_holds", "") in found["quoted"]
    assert all(words in found["text"] for words in expected.get("text_holds", ()))
    assert all(words not in found["text"] for words in expected.get("text_lacks", ()))
    assert all(words in both for words in expected.get("all_holds", ()))


def _told(path: Path) -> dict[str, Any]:
    mail = parse(path.read_bytes())
    verdicts = judge(mail)
    report, receipt, meeting = mail.report, mail.receipt, mail.invitation
    return {
        "subject": mail.subject,
        "sender": [mail.sender.name, mail.sender.address],
        "sender_address": mail.sender.address,
        "to": [one.address for one in mail.to],
        "cc": [one.address for one in mail.cc],
        "date": mail.date_claimed.isoformat() if mail.date_claimed else None,
        "text": mail.text,
        "quoted": mail.quoted,
        "case_number": next((v.case_number for v in verdicts if v.case_number), None),
        "attachments": [
            [one.filename, one.content_type, one.size_bytes] for one in mail.attachments
        ],
        "attachments_kinds": [one.content_type for one in mail.attachments],
        "report": report and [report.action, report.message_id, list(report.recipients)],
        "receipt": receipt and [receipt.disposition, receipt.message_id],
        "invitation": meeting and [meeting.method, meeting.uid, str(meeting.start)],
        "yes": [verdict.filter for verdict in verdicts if verdict.outcome == "yes"],
    }
