"""Answers below a quotation and between its lines are new, and stay visible (M11)."""

from __future__ import annotations

import time

import pytest

from services.mailgw.incoming.quotation import split_quotation

HEAD = "On Mon, Mar 3, 2025 at 10:00 AM Support <help@blue.example> wrote:"


def test_M11_an_answer_below_the_quotation_is_new_and_the_quotation_folded() -> None:
    text = f"{HEAD}\n> Does it print?\n> Blue\n\nYes, it does.\nAnn"
    assert split_quotation(text) == (
        "Yes, it does.\nAnn",
        f"{HEAD}\n> Does it print?\n> Blue",
    )


def test_M11_words_above_and_below_the_quotation_are_both_new() -> None:
    new, quoted = split_quotation(f"Hello,\n\n{HEAD}\n> Does it print?\n\nYes.\n\n-- \nAnn")
    assert new == "Hello,\n\nYes.\n\n-- \nAnn"
    assert quoted == f"{HEAD}\n> Does it print?"


def test_M11_answers_between_quoted_lines_stay_where_they_are() -> None:
    answered = f"{HEAD}\n> Does it print?\nYes.\n\n> In colour?\n\nNo."
    assert split_quotation(answered) == (answered, "")


def test_M11_what_follows_the_last_answer_is_folded() -> None:
    answered = f"{HEAD}\n> Does it print?\nYes.\n\n> In colour?\nNo."
    assert split_quotation(f"{answered}\n\n> Regards\n> Blue") == (answered, "> Regards\n> Blue")


def test_M11_an_answer_below_marked_lines_that_nobody_is_named_for_is_new() -> None:
    assert split_quotation("> Does it print?\n\nYes.") == ("Yes.", "> Does it print?")


def test_M11_two_quotations_below_one_another_are_folded_together() -> None:
    below = f"{HEAD}\n> It prints.\n\n{HEAD}\n> Does it print?\n\n-- \nAnn Lee"
    assert split_quotation(f"Fine.\n\n{below}") == ("Fine.", below)


def test_M11_an_answer_below_hides_what_a_program_quotes_below_that() -> None:
    tail = "-----Original Message-----\nFrom: Support\nIt prints."
    new, quoted = split_quotation(f"{HEAD}\n> Does it print?\n\nYes.\n\n{tail}")
    assert new == "Yes."
    assert quoted.endswith(tail)


def test_M11_a_mail_that_only_forwards_shows_what_it_forwards() -> None:
    text = "Sent from my iPhone\n\nBegin forwarded message:\n\nFrom: Support\nIt does not print."
    assert split_quotation(text) == (text, "")


OWN_WORDS_ABOVE = {
    "a number": "Here are the 2 outputs:",
    "a sentence with a number": "I have 2 printers.\nThe output is:",
    "two sentences with a moment": "It broke on 3.3.2025 at 10:00.\nThe output is:",
    "what somebody wrote": "It broke on 3.3.2025 at 10:00.\nI wrote down:",
    "an address": "Bob has bob@blue.example, his output is:",
}


@pytest.mark.parametrize("kind", OWN_WORDS_ABOVE)
def test_M11_somebodys_own_words_above_marked_lines_stay(kind: str) -> None:
    above = OWN_WORDS_ABOVE[kind]
    assert split_quotation(f"Hello,\n\n{above}\n> error 5") == (f"Hello,\n\n{above}", "> error 5")


ATTRIBUTIONS = {
    "Vietnamese": "Vào Th 2, 3 thg 3, 2025 vào lúc 10:00 Support\n<help@blue.example> đã viết:",
    "Lithuanian": "2025-03-03, pr, 10:00 Support <help@blue.example> rašė:",
    "old Gmail": "2025/3/3 Support <help@blue.example>",
}


@pytest.mark.parametrize("language", ATTRIBUTIONS)
def test_M11_who_wrote_the_marked_lines_is_folded_with_them_in_any_language(language: str) -> None:
    text = f"Thanks.\n{ATTRIBUTIONS[language]}\n\n> Does it print?"
    assert split_quotation(text) == ("Thanks.", text.removeprefix("Thanks.\n"))


@pytest.mark.parametrize(
    "piece",
    [
        f"{HEAD}\n> a\nb\n",
        f"{HEAD}\n> a\n\n-- \nAnn\n",
        "Sent from my iPhone\n\n> a\n\n",
        "> a\nb\n\n",
        "From: a\nTo: b\n",
    ],
)
def test_M11_many_answers_take_no_long_time(piece: str) -> None:
    began = time.monotonic()
    split_quotation(piece * (200_000 // len(piece)))
    assert time.monotonic() - began < 10
