"""The bounds on automatic mails, and the pauses between attempts (M10, M12)."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.mailgw.model.loop_guard import (
    MOST_COPIES,
    MOST_MAILS,
    MOST_OF_A_SUBJECT,
    LoopGuard,
    counted_as,
    subject_key,
)
from services.mailgw.model.retry_pauses import MOST_ATTEMPTS, is_last, pause_after

subjects = st.sampled_from(["[101] Printer", "Re: [101]  printer", "[102] Printer", "Hello"])
people = st.sampled_from(["ann@customer.example", "Ann@Customer.example", "bob@customer.example"])


def test_M12_an_address_gets_ten_automatic_mails_and_no_eleventh() -> None:
    guard = LoopGuard()
    answers = [guard.admit("ann@customer.example", f"[{n}] Printer") for n in range(12)]
    assert answers[:10] == [None] * 10
    assert all(answer and "10 automatic mails within 3 hours" in answer for answer in answers[10:])
    assert guard.admit("bob@customer.example", "[1] Printer") is None


def test_M12_a_subject_goes_out_twice_and_not_again() -> None:
    guard = LoopGuard()
    assert guard.admit("ann@customer.example", "[101] Printer") is None
    assert guard.admit("ANN@customer.example", "Re: AW: [101]  printer") is None
    why = guard.admit("ann@customer.example", "[101] Printer")
    assert why and "with this subject within 3 hours" in why
    assert guard.admit("ann@customer.example", "[102] Printer") is None


def test_M12_what_went_out_before_counts() -> None:
    guard = LoopGuard([("ann@customer.example", subject_key("[101] Printer"))] * 2)
    assert guard.admit("ann@customer.example", "[101] Printer") is not None


def test_M12_copies_to_somebody_outside_are_counted_apart_from_other_mails() -> None:
    guard = LoopGuard()
    robot = "robot@far.example"
    for number in range(MOST_COPIES):
        assert guard.admit(robot, f"[{number}] Printer", copy=True) is None
    why = guard.admit(robot, "[1000] Printer", copy=True)
    assert why and "60 copies within 3 hours" in why
    assert guard.admit(robot, "[1000] Printer") is None


def test_M12_copies_that_went_out_before_count_as_copies() -> None:
    before = [("robot@far.example", counted_as(f"[{n}] x", copy=True)) for n in range(MOST_COPIES)]
    guard = LoopGuard(before)
    assert guard.admit("robot@far.example", "[1000] x") is None
    assert guard.admit("robot@far.example", "[1000] x", copy=True) is not None


@given(st.lists(st.tuples(people, subjects), max_size=60))
def test_M12_whatever_is_asked_the_bounds_hold(asked: list[tuple[str, str]]) -> None:
    guard = LoopGuard()
    admitted = [
        (address.lower(), subject_key(subject))
        for address, subject in asked
        if guard.admit(address, subject) is None
    ]
    for address in {address for address, _ in admitted}:
        assert sum(one == address for one, _ in admitted) <= MOST_MAILS
    for pair in admitted:
        assert admitted.count(pair) <= MOST_OF_A_SUBJECT
    assert not asked or admitted


def test_pauses_grow_and_the_last_attempt_is_four_to_five_days_behind_the_first() -> None:
    pauses = [pause_after(number) for number in range(1, MOST_ATTEMPTS)]
    assert pauses == sorted(pauses) and pauses[0] == timedelta(seconds=10)
    assert timedelta(days=4) <= sum(pauses, timedelta()) <= timedelta(days=5)
    assert [is_last(number) for number in (1, MOST_ATTEMPTS - 1, MOST_ATTEMPTS)] == [
        False,
        False,
        True,
    ]
