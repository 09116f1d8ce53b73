"""M4: what the mail server that we trust found of a mail's sender (RFC 8601)."""

from __future__ import annotations

import time

import pytest

from services.contracts.mail import MailReceived
from services.mailgw.incoming.look_into import look_into
from services.mailgw.incoming.parse import parse
from services.mailgw.incoming.pipeline import judge
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.model.verdict import Verdict
from services.mailgw.raw_store import Waiting
from services.runtime.clock import now
from services.runtime.identity import new_id

HOST = "mx.ours.example"
HEADER = "Authentication-Results"
RECEIVED = "Received: from out.blue.example by mx.ours.example; Mon, 2 Mar 2026 09:00:00 +0000"


def verdict(*headers: str, sender: str = "ann@blue.example", host: str = HOST) -> Verdict:
    lines = [*headers, f"From: {sender}", "Subject: Hello", "", "Hello", ""]
    mail = parse("\r\n".join(lines).encode(), (), host)
    return next(one for one in judge(mail) if one.filter == "is_authenticated")


def found(results: str, sender: str = "ann@blue.example") -> str:
    return verdict(f"{HEADER}: {HOST}; {results}", RECEIVED, sender=sender).authentication


@pytest.mark.parametrize(
    ("results", "finding"),
    [
        # DMARC decides.
        ("dmarc=pass header.from=blue.example", "pass"),
        ("dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=blue.example", "pass"),
        ("dmarc=pass(p=REJECT) header.from=blue.example;", "pass"),
        ("dmarc=pass action=none header.from=blue.example;compauth=pass reason=100", "pass"),
        ("dmarc=pass policy.published-domain-policy=none header.from=blue.example", "pass"),
        ("DMARC=PASS header.from=BLUE.example", "pass"),
        ("dmarc=fail header.from=blue.example", "fail"),
        ("dmarc=fail (p=NONE sp=NONE dis=NONE) header.from=blue.example", "fail"),
        ("dmarc=fail", "fail"),
        ("dkim=pass header.d=blue.example; dmarc=fail header.from=blue.example", "fail"),
        ("spf=fail smtp.mailfrom=blue.example; dmarc=pass header.from=blue.example", "pass"),
        # It was asked about another domain than the one we read: two senders in one From.
        ("dmarc=pass header.from=evil.example", "fail"),
        ("dmarc=pass", "fail"),
        # Without a policy: signatures and sending hosts of the domain itself.
        ("dmarc=none; dkim=pass header.d=blue.example", "pass"),
        ("dkim=pass header.d=blue.example", "pass"),
        ('dkim=pass header.i=@blue.example header.s=2026 header.b="aB/c+d"', "pass"),
        ("dkim=pass header.i=ann@blue.example", "pass"),
        ("spf=pass smtp.mailfrom=ann@blue.example", "pass"),
        (
            "spf=pass (mx: domain of a@blue.example designates ::1) smtp.mailfrom=blue.example",
            "pass",
        ),
        ("spf=pass smtp.mailfrom=<ann@blue.example>", "pass"),
        ("spf=fail smtp.mailfrom=blue.example; dkim=pass header.d=blue.example", "pass"),
        ("spf=fail smtp.mailfrom=blue.example", "fail"),
        ("spf=hardfail smtp.mailfrom=ann@blue.example", "fail"),
        ("spf=fail smtp.helo=blue.example", "fail"),
        ('dkim=fail reason="bad signature" header.d=blue.example', "fail"),
        ("dkim=fail header.d=blue.example; spf=pass smtp.mailfrom=blue.example", "pass"),
        # What says nothing of this domain, or neither yes nor no.
        ("none", ""),
        ("", ""),
        ("dmarc=none header.from=blue.example", ""),
        ("dmarc=temperror header.from=blue.example", ""),
        ("dkim=pass header.d=evil.example", ""),
        ("dkim=pass header.d=example", ""),
        ("dkim=pass header.d=e.example; spf=pass smtp.mailfrom=evil.example", ""),
        ("dkim=pass header.d=notblue.example", ""),
        ("dkim=pass header.d=mail.blue.example", ""),
        ("spf=softfail smtp.mailfrom=blue.example", ""),
        ("spf=neutral smtp.mailfrom=blue.example; dkim=none", ""),
        ("dkim=permerror header.d=blue.example", ""),
        ("iprev=pass policy.iprev=192.0.2.1; auth=pass smtp.auth=ann@blue.example", ""),
        # Readable to nobody: it may hide a failure.
        ("dmarc", "fail"),
        ("dmarc=fail (unclosed header.from=blue.example", "fail"),
    ],
)
def test_M4_what_the_trusted_host_found(results: str, finding: str) -> None:
    assert found(results) == finding


def test_M4_a_domain_above_vouches_and_spellings_of_a_domain_are_one() -> None:
    assert found("dkim=pass header.d=blue.example", "ann@sales.blue.example") == "pass"
    assert found("dmarc=pass header.from=xn--bl-yka.example", "ann@blü.example") == "pass"


def test_M4_nothing_is_asked_without_a_trusted_host() -> None:
    results = f"{HEADER}: {HOST}; dmarc=fail header.from=blue.example"
    assert verdict(results, host="").authentication == ""


def test_M4_another_host_is_not_believed() -> None:
    for name in ("mx.evil.example", "mx.ours.example.evil", "(mx.ours.example) evil.example"):
        assert (
            verdict(f"{HEADER}: {name}; dmarc=pass header.from=blue.example").authentication == ""
        )


def test_M4_the_name_of_the_host_is_read_in_any_case_and_with_a_version() -> None:
    results = f"{HEADER}: MX.ours.example 1; dmarc=pass header.from=blue.example"
    assert verdict(results).authentication == "pass"


class TestM4WhoWritesTheHeaderHimself:
    GOOD = f"{HEADER}: {HOST}; dmarc=pass header.from=blue.example"
    BAD = f"{HEADER}: {HOST}; dmarc=fail header.from=blue.example"

    def test_does_not_outweigh_what_stands_above(self) -> None:
        assert verdict(self.BAD, RECEIVED, self.GOOD).authentication == "fail"
        assert verdict(RECEIVED, self.BAD, self.GOOD).authentication == "fail"

    def test_gains_nothing_below_the_next_received(self) -> None:
        silent = f"{HEADER}: {HOST}; none"
        assert verdict(silent, RECEIVED, self.GOOD).authentication == ""

    def test_cannot_add_to_the_hosts_header_by_a_comment(self) -> None:
        results = f"{HEADER}: {HOST}; spf=none (x; dmarc=pass header.from=blue.example)"
        assert verdict(results + " smtp.mailfrom=e.example").authentication == ""
        broken = f"{HEADER}: {HOST}; spf=none (x); dmarc=pass) header.from=blue.example"
        assert verdict(broken).authentication == "fail"

    def test_the_host_may_use_several_headers(self) -> None:
        signature = f"{HEADER}: {HOST}; dkim=pass header.d=evil.example"
        assert verdict(signature, self.BAD, RECEIVED).authentication == "fail"
        assert verdict(signature, self.GOOD, RECEIVED).authentication == "pass"


@pytest.mark.parametrize("part", ["(", ")", "a=b ", "; a=b", '"', "\\", "a.b=c (", "x" * 70])
def test_M11_hostile_results_cost_nothing(part: str) -> None:
    began = time.perf_counter()
    found(part * (900_000 // len(part)))
    for _ in range(3):
        found((part * 4_000)[:3_900])
    assert time.perf_counter() - began < 5


def test_M4_the_reason_is_told_in_words() -> None:
    told = verdict(f"{HEADER}: {HOST}; dmarc=fail header.from=blue.example")
    assert (told.outcome, told.why) == ("fail", f"{HOST}: dmarc=fail for blue.example")


def test_M4_the_finding_and_the_token_are_told_on_the_bus() -> None:
    account = IncomingAccount(name="in", protocol="pipe", trusted_host=HOST)
    lines = [
        f"{HEADER}: {HOST}; dmarc=fail header.from=blue.example",
        "From: ann@blue.example",
        "To: support+101pabcdefghijklmnopqrst@ours.example",
        *("Subject: Re: [101] Printer", "", "Hello", ""),
    ]
    raw = "\r\n".join(lines).encode()
    waiting = Waiting(new_id(), "in", now(), len(raw), attempts=0)
    message = look_into(waiting, raw, account, frozenset({"support@ours.example"})).message
    assert isinstance(message, MailReceived)
    told = message.data
    assert (told.authentication, told.case_number) == ("fail", 101)
    assert told.reply_token == "101pabcdefghijklmnopqrst"
