"""Any bytes end as a mail, or as an error that quarantine can show (M11)."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.mailgw.broken_mails import BY_HAND, FROM, broken, ordinary

from services.mailgw.errors import UnreadableMail
from services.mailgw.incoming.parse import parse
from services.mailgw.model.mail import Mail


def read(raw: bytes) -> Mail | UnreadableMail:
    """What becomes of a mail; anything else raised fails the test."""
    try:
        return parse(raw)
    except UnreadableMail as error:
        assert str(error)
        return error


def test_M11_an_ordinary_mail_is_read_whole() -> None:
    mail = parse(ordinary())
    assert mail.sender.address == "ann@customer.example"
    assert mail.subject == "Re: [101] Prüfung"
    assert mail.text.strip() == "It still fails."
    assert "Please restart it." in mail.quoted
    assert mail.html is not None and "script" not in mail.html and "<b>still</b>" in mail.html
    assert [part.filename for part in mail.attachments] == ["screen.png"]
    assert mail.attachments[0].size_bytes == 100


@pytest.mark.parametrize("name", BY_HAND)
def test_M11_hand_made_breakage_is_survived(name: str) -> None:
    assert isinstance(read(BY_HAND[name]), Mail | UnreadableMail)


def test_M11_the_large_and_the_deep_are_still_read() -> None:
    assert len(parse(BY_HAND["10,000 recipients"]).to) == 10_000
    assert parse(BY_HAND["30 MB attachment"]).attachments[0].size_bytes == 30_000_000
    assert "deep" in parse(BY_HAND["50 levels"]).text


def test_M11_500_mutations_of_an_ordinary_mail_are_survived() -> None:
    outcomes = [read(broken(seed)) for seed in range(500)]
    assert len(outcomes) == 500
    assert sum(isinstance(outcome, Mail) for outcome in outcomes) > 250


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000))
def test_M11_any_bytes_behind_a_sender_are_a_mail(raw: bytes) -> None:
    assert isinstance(read(FROM + raw), Mail | UnreadableMail)


def test_M12_html_nested_beyond_reason_is_read_in_time_and_as_text() -> None:
    began = time.monotonic()
    mail = parse(BY_HAND["HTML of 100,000 levels"] + b"<b>deep</b> text")
    assert "deep text" in " ".join(mail.text.split())
    assert time.monotonic() - began < 20  # 75 seconds without the bound
