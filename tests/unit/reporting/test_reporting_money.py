"""Money is exact."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.errors import AmountTooLarge
from services.reporting.model.money import text_of_units, to_units

LARGEST = Decimal("922337203685477.5807")


@given(st.decimals(min_value=-LARGEST, max_value=LARGEST, places=4))
def test_R1_an_amount_comes_back_as_it_went(amount: Decimal) -> None:
    units = to_units(amount)
    assert units is not None and Decimal(text_of_units(units)) == amount


@given(st.integers(-(10**40), 10**40), st.sampled_from([4, 6]))
def test_R1_a_sum_of_any_size_is_exact_and_shows_two_decimals_at_least(
    units: int, places: int
) -> None:
    amount = Decimal(text_of_units(units, places))
    numerator, denominator = amount.as_integer_ratio()
    assert numerator * 10**places == units * denominator
    assert 2 <= len(str(amount).partition(".")[2]) <= places


@pytest.mark.parametrize(
    ("amount", "units"), [("0.00005", 0), ("0.00015", 2), ("-1.00006", -10001), ("1E+3", 10**7)]
)
def test_R1_what_is_finer_than_any_currency_is_rounded(amount: str, units: int) -> None:
    assert to_units(Decimal(amount)) == units


@pytest.mark.parametrize("amount", ["922337203685477.5808", "-1E+15", "1E+999999", "Infinity"])
def test_R1_an_amount_that_cannot_be_added_up_is_refused(amount: str) -> None:
    with pytest.raises(AmountTooLarge, match="smaller amount"):
        to_units(Decimal(amount))
