"""A rate of a currency as pages and programs write it."""

from __future__ import annotations

from decimal import Decimal


def rate_text(rate: Decimal) -> str:
    """All digits of a rate and no more: "0.92", not "0.920000000000" or "9.2E-1"."""
    return format(rate.normalize(), "f")
