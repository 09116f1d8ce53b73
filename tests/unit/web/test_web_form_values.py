"""What people type into a form is read, or told as wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from services.web.pages.form import Form
from services.web.pages.moments import zone_of

TEXTS = st.text(max_size=30) | st.from_regex(r"[0-9a-b.,:T -]{0,20}", fullmatch=True)


READINGS: list[Callable[[Form], Any]] = [
    lambda form: form.number("x", 0, 100),
    lambda form: form.money("x"),
    lambda form: form.day("x"),
    lambda form: form.moment("x", zone_of("Europe/Berlin")),
    lambda form: form.choice("x", ("a", "b")),
]


@given(TEXTS, st.sampled_from(READINGS))
def test_whatever_is_typed_is_read_or_told_as_wrong(text: str, read: Callable[[Form], Any]) -> None:
    form = Form(MultiDict({"x": text}))
    value = read(form)
    is_empty = not text.replace("\0", "").strip()
    assert (value is None) == (is_empty or "x" in form.errors)


def test_values_are_read_as_they_are_meant() -> None:
    given_ = {
        "n": " 7 ",
        "m": "1 200,50",
        "d": "2026-11-25",
        "t": "2026-11-25T14:30",
        "l": "a\r\nb",
    }
    form = Form(MultiDict(given_))
    assert (form.number("n"), form.money("m")) == (7, Decimal("1200.50"))
    assert form.day("d") == date(2026, 11, 25)
    assert form.moment("t", zone_of("Europe/Berlin")) == datetime.fromisoformat(
        "2026-11-25T14:30:00+01:00"
    )
    assert (form.text("l"), form.text("missing"), form.errors) == ("a\nb", None, {})


@pytest.mark.parametrize("text", ["0001-01-01T00:00", "1969-12-31T23:59", "2201-01-01T00:00"])
def test_K1_a_moment_in_a_senseless_year_is_told(text: str) -> None:
    form = Form(MultiDict({"t": text}))
    assert form.moment("t", zone_of("Europe/Berlin")) is None
    assert form.errors == {"t": "A moment from the year 1970 to 2200, please."}


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e400", "abc"])
def test_what_is_no_amount_is_told(text: str) -> None:
    form = Form(MultiDict({"m": text}))
    assert form.money("m") is None and "m" in form.errors


def test_of_several_numbers_those_in_other_digits_are_left_out() -> None:
    form = Form(MultiDict([("n", "3"), ("n", "²"), ("n", "x"), ("n", "٤")]))
    assert form.numbers("n") == [3]
