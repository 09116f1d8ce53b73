"""Amounts of money as whole numbers, so that sums are exact on every database."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from services.reporting.errors import AmountTooLarge

PLACES = 4  # no currency of ISO 4217 has more
LARGEST_UNITS = 2**63 - 1


def to_units(amount: Decimal | None) -> int | None:
    """The amount in units of 1/10000; what is finer is rounded half to even.

    Raises AmountTooLarge for what 64 bits do not hold.
    """
    if amount is None:
        return None
    units = LARGEST_UNITS + 1
    if amount.is_finite() and amount.adjusted() <= 18:
        units = int(amount.quantize(Decimal("0.0001"), ROUND_HALF_EVEN).scaleb(PLACES))
    if abs(units) > LARGEST_UNITS:
        raise AmountTooLarge(f"{amount} cannot be added up exactly; give a smaller amount")
    return units


def text_of_units(units: int, places: int = PLACES) -> str:
    """So many units of 10 to the power of minus `places`, exact, with at least two decimals."""
    hundredths, finer = divmod(units, 10 ** (places - 2))
    if not finer and units >= 0:  # nearly all money, and told thousands of times in a report
        return f"{hundredths // 100}.{hundredths % 100:02}"
    digits = str(abs(units)).rjust(places + 1, "0")
    decimals = digits[-places:].rstrip("0").ljust(2, "0")
    return f"{'-' if units < 0 else ''}{digits[:-places]}.{decimals}"
