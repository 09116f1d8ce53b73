"""M4: tokens in the addresses that a mail was written to; M10: addresses of ours with a tag."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.plus_addresses import is_among, readings, tagged
from services.mailgw.incoming.parse import parse
from services.mailgw.incoming.pipeline import judge
from services.mailgw.model.verdict import Verdict

SUPPORT = "support@ours.example"
TOKEN = "101pabcdefghijklmnopqrst"


def verdict(name: str, *headers: str, sender: str = "anna@example.org") -> Verdict:
    lines = [f"From: {sender}", "Subject: Hello", *headers, "", "Hello", ""]
    mail = parse("\r\n".join(lines).encode(), (SUPPORT, "odd+one@ours.example"))
    return next(one for one in judge(mail) if one.filter == name)


@pytest.mark.parametrize(
    "header",
    [
        f"To: support+{TOKEN}@ours.example",
        f"To: Support <support+{TOKEN}@ours.example>",
        f"To: carl@blue.example,\r\n Support <SUPPORT+{TOKEN.upper()}@OURS.example>",
        f"Cc: support+{TOKEN}@ours.example",
        f"To: support@ours.example\r\nCc: support+{TOKEN}@ours.example",
        f"To: support+billing@ours.example\r\nCc: support+{TOKEN}@ours.example",
        f"Delivered-To: support+{TOKEN}@ours.example",
        f"To: undisclosed-recipients:;\r\nX-Original-To: support+{TOKEN}@ours.example",
        f"Envelope-To: support+{TOKEN}@ours.example",
        f"To: help+{TOKEN}@ours.example",
        f"To: odd+one+{TOKEN}@ours.example",
        f"Delivered-To: other@ours.example\r\nDelivered-To: support+{TOKEN}@ours.example",
    ],
)
def test_M4_the_token_is_found_wherever_a_mail_server_leaves_it(header: str) -> None:
    assert verdict("has_reply_token", header).reply_token == TOKEN


@pytest.mark.parametrize(
    "header",
    [
        "To: support@ours.example",
        "To: anna+news@blue.example",
        f"To: {TOKEN}@ours.example",
        f"To: +{TOKEN}@ours.example",
        f"Subject: support+{TOKEN}@ours.example",
        f"X-Anything: support+{TOKEN}@ours.example",
    ],
)
def test_M4_what_is_no_tag_of_ours_is_none(header: str) -> None:
    assert verdict("has_reply_token", header).reply_token == ""


@pytest.mark.parametrize("sender", [SUPPORT, "Support+x@ours.example", "odd+one@ours.example"])
def test_M10_an_account_with_a_tag_is_ours(sender: str) -> None:
    assert verdict("is_own_address", sender=sender).own


@pytest.mark.parametrize(
    "sender", ["odd@ours.example", "odd+two@ours.example", "+support@ours.example"]
)
def test_M10_others_are_not_ours(sender: str) -> None:
    assert not verdict("is_own_address", sender=sender).own


@given(
    st.from_regex(r"[a-z.+]{1,20}", fullmatch=True),
    st.from_regex(r"[a-z0-9]{1,40}", fullmatch=True),
)
def test_M4_a_tag_is_read_back(local: str, tag: str) -> None:
    address = f"{local}@ours.example"
    with_tag = tagged(address, tag)
    assert with_tag is not None
    assert (address, tag) in set(readings(with_tag)) or not local
    assert is_among(with_tag, {address})


def test_M4_no_address_is_made_too_long() -> None:
    assert tagged(f"{'x' * 60}@ours.example", "tags") is None
    assert tagged("no address", "tag") is None
