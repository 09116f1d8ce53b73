"""Issue 5 item 6: the signed token of a link into the partners' portal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases.model.portal_token import (
    CASE_LASTS,
    CASES_LAST,
    Opens,
    is_over,
    is_signed,
    make_portal_token,
    parse_portal_token,
    without_portal_tokens,
)

OLD, NEW = "11" * 32, "22" * 32
ANN = "ann@blue.example"
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
NUMBERS, OPENS = st.integers(1, 999_999_999), st.sampled_from(get_args(Opens))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2200, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)


@given(NUMBERS, OPENS, MOMENTS)
def test_portal_a_token_is_read_back_in_any_case(number: int, opens: Any, at: datetime) -> None:
    token = make_portal_token(NEW, number, ANN, opens, at)
    for given_so in (token, token.upper(), f" {token}\n"):
        read = parse_portal_token(given_so)
        assert read is not None and (read.number, read.opens) == (number, opens)
        assert abs(read.issued_at - at) < timedelta(milliseconds=2)
        assert is_signed([NEW, OLD], read, ANN.upper())
    assert ANN not in token and "@" not in token


@pytest.mark.parametrize("keys", [[], [OLD]])
def test_portal_only_its_key_verifies_it(keys: list[str]) -> None:
    read = parse_portal_token(make_portal_token(NEW, 101, ANN, "case", NOON))
    assert read is not None and not is_signed(keys, read, ANN)


@given(st.data())
def test_portal_one_changed_character_spoils_it(data: st.DataObject) -> None:
    token = make_portal_token(NEW, 101, ANN, "case", NOON)
    place = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789-"))
    changed = token[:place] + character + token[place + 1 :]
    read = parse_portal_token(changed)
    assert (read is None or not is_signed([NEW], read, ANN)) == (changed != token)


def test_portal_it_is_worth_nothing_for_another_address() -> None:
    read = parse_portal_token(make_portal_token(NEW, 101, ANN, "case", NOON))
    assert read is not None and not is_signed([NEW], read, "carl@blue.example")


def test_portal_it_cannot_be_guessed() -> None:
    assert len(make_portal_token(NEW, 101, ANN, "case", NOON).rpartition("-")[2]) * 5 >= 128


def test_portal_its_time_runs_from_the_last_action_or_since_it_was_given_out() -> None:
    case = parse_portal_token(make_portal_token(NEW, 101, ANN, "case", NOON))
    cases = parse_portal_token(make_portal_token(NEW, 101, ANN, "cases", NOON))
    assert case is not None and cases is not None
    before, after, much = NOON - timedelta(days=400), NOON + timedelta(days=30), timedelta(hours=1)
    assert not is_over(case, before, NOON + CASE_LASTS - much)
    assert is_over(case, before, NOON + CASE_LASTS + much)
    assert not is_over(case, after, after + CASE_LASTS - much)
    assert is_over(case, after, after + CASE_LASTS + much)
    assert is_over(cases, after, NOON + CASES_LAST + much)
    assert not is_over(cases, before, NOON + CASES_LAST - much)


@pytest.mark.parametrize(
    "text",
    [
        "Follow your case: https://desk.example/portal/{token}",
        "<a href='https://desk.example/portal/{token}/files/0/0'>x</a>",
        "https://guard.example/?u=https%3A%2F%2Fdesk.example%2Fportal%2F{token}&d=1",
        "https://guard.example/?u=https%253A%252F%252Fdesk%252Fportal%252F{token}",
        "PORTAL/{TOKEN}",
    ],
)
def test_portal_a_text_loses_the_token_and_nothing_else(text: str) -> None:
    token = make_portal_token(NEW, 101, ANN, "case", NOON)
    given_text = text.replace("{token}", token).replace("{TOKEN}", token.upper())
    cut = without_portal_tokens(given_text)
    assert cut == text.replace("{token}", "…").replace("{TOKEN}", "…")


@pytest.mark.parametrize("text", ["", "the portal/entrance is shut", "portal/101-c-x", "x" * 9000])
def test_portal_other_words_stay(text: str) -> None:
    assert without_portal_tokens(text) == text
