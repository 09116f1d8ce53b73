"""M4: the signed token in the address that answers go to."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases.model.reply_token import ReplyToken, Side, make_token, read_token

OLD, NEW = "11" * 32, "22" * 32
NUMBERS, SIDES = st.integers(1, 999_999_999), st.sampled_from(get_args(Side))


@given(NUMBERS, SIDES)
def test_M4_a_token_is_read_back_in_any_case_and_fits_an_address(number: int, side: Any) -> None:
    token = make_token(NEW, number, side)
    assert re.fullmatch(r"[a-z0-9]{22,30}", token)
    assert read_token([NEW], token) == ReplyToken(number, side)
    assert read_token([NEW, OLD], token.upper()) == ReplyToken(number, side)


def test_M4_an_older_key_still_verifies_and_an_unknown_one_does_not() -> None:
    token = make_token(OLD, 101, "partner")
    assert read_token([NEW, OLD], token) == ReplyToken(101, "partner")
    assert read_token([NEW], token) is None
    assert read_token([], token) is None


@given(NUMBERS, NUMBERS, SIDES, SIDES)
def test_M4_a_signature_is_worth_nothing_for_another_case_or_side(
    number: int, other: int, side: Any, other_side: Any
) -> None:
    signature = make_token(NEW, number, side)[-20:]
    forged = f"{other}{other_side[0]}{signature}"
    assert (read_token([NEW], forged) is not None) == ((number, side) == (other, other_side))


@given(st.data())
def test_M4_one_changed_character_spoils_it(data: st.DataObject) -> None:
    token = make_token(NEW, 101, "staff")
    place = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789"))
    changed = token[:place] + character + token[place + 1 :]
    assert (read_token([NEW], changed) is None) == (changed != token)


@pytest.mark.parametrize(
    "token", ["", "101", "101p", "101x" + "a" * 20, "0101p" + "a" * 20, "p" * 4000, "١٠١p", "\x00"]
)
def test_M4_anything_else_is_no_token(token: str) -> None:
    assert read_token([NEW], token) is None


def test_M4_a_signature_has_more_than_80_bits() -> None:
    assert len(make_token(NEW, 101, "partner").removeprefix("101p")) * 5 >= 80
