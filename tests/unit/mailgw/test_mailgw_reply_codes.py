"""What an SMTP server's refusals mean: for later, for good, or the account's fault (M12)."""

from __future__ import annotations

import pytest

from services.mailgw.model.outcome import Outcome
from services.mailgw.model.reply_code import blames_login, enhanced
from services.mailgw.model.slow_domains import REST_SECONDS, SLOW_SECONDS, SlowDomains

ANN = "ann@customer.example"


@pytest.mark.parametrize(
    ("answer", "later"),
    [
        ("450 4.2.0 greylisted", True),
        ("451 4.7.1 try again", True),
        ("452 4.5.3 too many recipients", True),
        ("421 4.3.2 closing", True),
        ("552 too many recipients", True),
        ("552 5.5.3 too many recipients", True),
        ("552 5.2.2 mailbox full", False),
        ("550 5.1.1 no such user", False),
        ("550 4.1.1 says both", False),
        ("553 5.1.3 bad address", False),
        ("-1 rubbish", True),
    ],
)
def test_M12_a_refused_recipient(answer: str, later: bool) -> None:
    outcome = Outcome()
    code, _, words = answer.partition(" ")
    outcome.refuse([ANN], int(code), words, of_recipient=True)
    assert (list(outcome.later), list(outcome.failed)) == (([ANN], []) if later else ([], [ANN]))
    assert {**outcome.later, **outcome.failed}[ANN] == answer


def test_M12_a_mail_that_is_too_large_stays_so() -> None:
    outcome = Outcome()
    outcome.refuse([ANN], 552, "5.3.4 message too big")
    assert outcome.failed == {ANN: "552 5.3.4 message too big"}


@pytest.mark.parametrize(
    ("code", "answer", "blamed"),
    [
        (530, "authentication required", True),
        (535, "5.7.8 bad credentials", True),
        (550, "5.7.8 sign in first", True),
        (454, "4.7.0 temporary authentication failure", False),
        (550, "5.7.1 relaying denied", False),
        (525, "5.7.13 user account disabled", False),
        (554, "spam", False),
    ],
)
def test_M12_whom_a_refusal_blames(code: int, answer: str, blamed: bool) -> None:
    assert blames_login(code, answer) is blamed


@pytest.mark.parametrize(
    ("answer", "code"), [("5.1.1 no", "5.1.1"), ("4.7.0", "4.7.0"), ("5.1.10.2", ""), ("no", "")]
)
def test_the_enhanced_code_of_an_answer(answer: str, code: str) -> None:
    assert enhanced(answer) == code


def test_M12_only_mail_to_a_slow_domain_alone_is_held_for_a_minute() -> None:
    clock = [100.0]
    slow = SlowDomains(lambda: clock[0])
    slow.took(["x@quick.example"], SLOW_SECONDS - 1)
    slow.took(["x@dead.example"], SLOW_SECONDS)
    assert slow.hold(["y@DEAD.example"])
    assert not slow.hold(["y@quick.example"])
    assert not slow.hold(["y@dead.example", "z@quick.example"])
    clock[0] += REST_SECONDS
    assert not slow.hold(["y@dead.example"])
