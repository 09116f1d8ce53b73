"""What a custom field takes, and in which form it is kept (K9)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases.model.custom_values import Unfit, checked
from services.contracts.cases import Ref
from services.contracts.directory import CustomField

EVE = {"id": 3, "name": "Eve"}
LARGE = 10**15


def field(type: str) -> CustomField:
    choices = ("new", "used") if type == "choice" else ()
    return CustomField.model_validate(
        {"code": "one", "name": "One", "type": type, "choices": choices}
    )


def kept(type: str, value: Any) -> Any:
    return checked(field(type), value, lambda id: Ref(**EVE) if id == 3 else None)


@pytest.mark.parametrize(
    ("type", "value", "expected"),
    [
        ("text", " A-17 ", "A-17"),
        ("text", "x" * 5_000, "x" * 5_000),
        ("number", "12.50", 12.5),
        ("number", 3.0, 3),
        ("number", "-0", 0),
        ("number", Decimal("0.1"), 0.1),
        ("number", LARGE - 1, LARGE - 1),
        ("date", "2026-11-25", "2026-11-25"),
        ("choice", "used", "used"),
        ("person", 3, EVE),
        ("person", "3", EVE),
        ("person", {"id": 3, "name": "As she was called"}, EVE),
    ],
)
def test_K9_a_value_is_kept_in_one_form(type: str, value: Any, expected: Any) -> None:
    assert kept(type, value) == expected
    assert kept(type, value).__class__ is expected.__class__  # 3 is no 3.0


@pytest.mark.parametrize("type", ["text", "number", "date", "choice", "person"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_K9_an_empty_value_is_none(type: str, value: Any) -> None:
    assert kept(type, value) is None


@pytest.mark.parametrize(
    ("type", "value", "told"),
    [
        ("text", 17, "give a text"),
        ("text", "x" * 5_001, "at most 5000"),
        ("text", "a\0b", "null character"),
        ("number", "twelve", "such as 12.5"),
        ("number", "12,5", "such as 12.5"),
        ("number", True, "give a number"),
        ("number", "NaN", "give a number"),
        ("number", "Infinity", "give a number"),
        ("number", "1e400", "give a number"),
        ("number", "1e-400", "give a number"),
        ("number", LARGE, "15 digits"),
        ("number", "0.1000000000000000000000000000000000001", "15 digits"),
        pytest.param("number", 10**5_000, "15 digits", id="a book of digits"),
        ("number", [1], "give a number"),
        ("date", "25.11.2026", "such as 2026-11-25"),
        ("date", "2026-02-30", "such as 2026-11-25"),
        ("date", "20261125", "such as 2026-11-25"),
        ("date", 2026, "such as 2026-11-25"),
        ("choice", "broken", "one of new, used"),
        ("choice", ["new"], "one of new, used"),
        ("person", 4, "active user"),
        ("person", "Eve", "active user"),
        ("person", True, "active user"),
        ("person", {"name": "Eve"}, "active user"),
    ],
)
def test_K9_a_value_that_does_not_fit_is_told_what_would(type: str, value: Any, told: str) -> None:
    with pytest.raises(Unfit, match=told):
        kept(type, value)


@given(st.integers(-LARGE + 1, LARGE - 1), st.integers(0, 15))
def test_K9_a_number_loses_no_digit_on_its_way_through_json(digits: int, places: int) -> None:
    given = Decimal(digits).scaleb(-places)
    kept_one = kept("number", str(given))
    assert Decimal(json.dumps(kept_one)) == given
    assert kept("number", json.loads(json.dumps(kept_one))) == kept_one
