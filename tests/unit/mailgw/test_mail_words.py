"""The words by which mails are found, and what is shown of a mail's source."""

from __future__ import annotations

import pytest

from services.contracts.errors import InvalidRequest
from services.mailgw.incoming.peek import peek
from services.mailgw.incoming.pipeline import FILTERS, QUESTIONS
from services.mailgw.incoming.source import source_of
from services.mailgw.model.glimpse import Glimpse
from services.mailgw.model.mail_acts import possible_acts
from services.mailgw.model.mail_words import asked, holds, words_of

FINDS = [
    ("print", True),
    ("PRINTER zurich", True),
    ("rinter", False),
    ("ann@blue.example", True),
    ("ann@blue", True),
    ("@blue.example", True),
    ("blue.example", True),
    ("lue", False),
    ("プリンタ", True),
    ("printer fax", False),
    ("", True),
    ("@", True),
]


@pytest.mark.parametrize(("question", "found"), FINDS)
def test_M11_a_mail_is_found_by_the_beginnings_of_its_words(question: str, found: bool) -> None:
    words = words_of("Ann@Blue.example", "Printer in Zürich: プリンター")
    assert holds(words, asked(question)) is found


def test_M11_what_a_database_would_take_for_syntax_is_no_word() -> None:
    assert set(words_of("a'b:c\\d&e|f!g(h)\" *", None).split()) == set("abcdefgh")
    assert asked("'a':* | b") == ("a", "b")
    with pytest.raises(InvalidRequest):
        asked(" ".join(f"w{number}" for number in range(11)))


def test_M11_the_source_is_shown_without_what_moves_a_screen_or_turns_the_writing() -> None:
    source = source_of(b"Subject: \xff\x1b[2J\r\nA: b\r\n\r\n\xe2\x80\xaeab\tc\r\n\x00\r\n", 500)
    assert source.headers == "Subject: \\xff\\x1b[2J\nA: b"
    assert source.body == "\\u202eab\tc\n\\x00\n"
    assert source.cut
    assert source_of(b"only: headers", 13).body == ""


def test_M11_of_an_unreadable_mail_is_kept_what_can_be_read() -> None:
    raw = b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nFrom: nobody\r\nMessage-ID: <a@b>\r\n\r\n"
    assert peek(raw) == Glimpse("<a@b>", None, "Grüße")
    assert peek(b"\x00" * 1000 + b"\xff\n\n") == Glimpse()
    long = peek(b"Subject: " + b"x" * 100_000 + b"\r\n")
    assert long.subject is not None and len(long.subject) == 500


def test_M11_each_filter_says_what_it_asks() -> None:
    assert [one.name for one in QUESTIONS] == [one.__name__ for one in FILTERS]
    for one in QUESTIONS:
        assert one.asks.endswith("?") and len(one.asks) < 120, one


def test_M11_a_mail_is_looked_into_again_only_where_that_changes_something() -> None:
    assert possible_acts("quarantined", None, judged=False) == ("again",)
    assert possible_acts("quarantined", None, judged=True) == ("let_in",)
    assert possible_acts("published", "aside", judged=True) == ("make_case",)
    for status, filed in (("published", "new"), ("published", None), ("own", None)):
        assert possible_acts(status, filed, judged=True) == ()
    assert possible_acts("stored", "aside", judged=True) == ()
