"""Turning money into another currency by a table of rates."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal, localcontext

from services.contracts.reports import Rates

DIGITS = 60  # enough for the sum of any amounts times a rate


class Exchange:
    """Rates into one currency. A rate holds from its month on, until the currency's next."""

    def __init__(self, rates: Rates, into: str) -> None:
        self.into = into
        self._main = rates.main
        self._rates: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
        for rate in sorted(rates.rates, key=lambda one: one.month):
            self._rates[rate.currency].append((rate.month, rate.rate))

    def rate(self, currency: str, day: date) -> Decimal | None:
        """What one unit of this currency is worth in the month of `day`; None if unknown."""
        if currency == self.into:
            return Decimal(1)
        ours, theirs = self._in_main(currency, day), self._in_main(self.into, day)
        if ours is None or theirs is None:
            return None
        with localcontext(prec=DIGITS):
            return ours / theirs

    def _in_main(self, currency: str, day: date) -> Decimal | None:
        if currency == self._main:
            return Decimal(1)
        known = [rate for month, rate in self._rates[currency] if month <= f"{day:%Y-%m}"]
        return known[-1] if known else None
