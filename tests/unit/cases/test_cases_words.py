"""Words as the search knows them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases.model.words import asked, fold, number_asked, words_of


def test_K3_texts_are_taken_apart_at_all_that_is_no_letter_or_digit() -> None:
    assert words_of("It's 5_o'clock: ann@blue.example!", 100) == [
        *("it", "s", "5", "o", "clock", "ann", "blue", "example")
    ]


@given(st.text())
def test_K3_words_hold_nothing_that_a_database_takes_for_syntax(text: str) -> None:
    for word in words_of(text, 1000):
        assert word.isalnum() and 1 <= len(word) <= 40


@given(st.text(), st.integers(min_value=0, max_value=200))
def test_K3_words_stay_within_their_bytes(text: str, most: int) -> None:
    assert sum(len(word.encode()) + 1 for word in words_of(text, most)) <= most


@given(st.text())
def test_K3_folding_twice_changes_no_word(text: str) -> None:
    once = words_of(fold(text), 1000)
    assert words_of(" ".join(once), 1000) == once


def test_K3_what_stands_together_is_asked_together() -> None:
    found = [(phrase.words, phrase.beginning) for phrase in asked('ann@blue "Paper Jam" pri')]
    assert found == [(("ann", "blue"), True), (("paper", "jam"), False), (("pri",), True)]


@pytest.mark.parametrize(
    ("question", "number"),
    [("101", 101), (" [101] ", 101), ("#7", 7), ("10 1", None), ("1" * 10, None), ("²", None)],
)
def test_K3_a_number_alone_asks_for_a_case(question: str, number: int | None) -> None:
    assert number_asked(question) == number


@given(text=st.text())
def test_K3_words_that_were_folded_are_found_as_they_are(text: str) -> None:
    words = words_of(text, 10_000)
    assert words_of(" ".join(words), 10_000) == words


def test_K3_letters_of_formulas_are_letters() -> None:
    assert words_of("𝗛𝗘𝗟𝗟𝗢 𝚨", 400) == ["hello", "α"]
