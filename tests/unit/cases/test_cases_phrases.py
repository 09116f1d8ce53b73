"""The sentences of our mails in each language (M5-M7)."""

from __future__ import annotations

from typing import get_args

import pytest

from services.cases.model.phrases import ENGLISH, FRENCH, GERMAN, Phrases, phrases
from services.cases.model.thread import Standing
from services.contracts.cases import State

ALL = (ENGLISH, GERMAN, FRENCH)


@pytest.mark.parametrize(
    ("code", "known"),
    [("en", ENGLISH), ("de-AT", GERMAN), ("DE", GERMAN), ("fr", FRENCH), ("dem", ENGLISH)],
)
def test_M5_a_language_that_nobody_wrote_is_english(code: str, known: Phrases) -> None:
    assert phrases(code) is known


@pytest.mark.parametrize("words", ALL)
def test_M5_each_sentence_says_what_it_is_given(words: Phrases) -> None:
    assert words.wrote.format(name="{Ann}").startswith("{Ann}")
    assert "[101]" in words.wrote_on_case.format(name="Ann", number=101)
    assert "[101] {x}" in words.case.format(number=101, subject="{x}")
    for state in get_args(State):
        said = words.reminder.format(number=101, subject="Lamp", state=words.states[state])
        assert words.states[state] in said and "[101] Lamp" in said


@pytest.mark.parametrize("words", ALL)
def test_M7_who_is_not_sure_to_be_who_he_says_is_told_so(words: Phrases) -> None:
    assert words.named("Ann", None) == words.named("Ann", Standing("partner", "message")) == "Ann"
    assert words.named("Ann", Standing("partner", "number")) == f"Ann ({words.unverified})"
    forged = Standing("partner", "message", "fail")
    assert words.named("Ann", forged) == f"Ann ({words.forged})"
