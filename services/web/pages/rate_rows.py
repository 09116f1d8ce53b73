"""The rows of the form of rates: what is written in them, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from services.contracts.reports import Rate
from services.web.pages.form import Form
from services.web.rate_text import rate_text
from services.web.translation import gettext

CURRENCY = re.compile(r"[A-Z]{3}")
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
# Written out: Decimal itself would take "1e3", "1_000", "NaN" and digits of every script.
RATE = re.compile(r"([0-9]{1,12})([.][0-9]{1,12})?")
PARTS = ("currency", "month", "rate")
MOST_ROWS = 5_000


@dataclass
class RateRow:
    """One rate as it is written; `wrong` holds a sentence for each part that will not do."""

    currency: str = ""
    month: str = ""
    rate: str = ""
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the row is called where something is said of it: "USD 2026-11"."""
        return f"{self.currency} {self.month}".strip()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written in it."""
        return not (self.currency or self.month or self.rate)

    def told(self) -> Rate:
        """The rate that it tells; only of a row without anything wrong."""
        return Rate(currency=self.currency, month=self.month, rate=Decimal(self.rate))


def rows_of(rates: Iterable[Rate]) -> list[RateRow]:
    """The rows of the rates that there are, by currency and month."""
    ordered = sorted(rates, key=lambda one: (one.currency, one.month))
    return [RateRow(one.currency, one.month, rate_text(one.rate)) for one in ordered]


def given_rows(form: Form) -> list[RateRow]:
    """The rows of a posted form, those left empty apart."""
    columns = [form.given.getlist(f"rate_{part}") for part in PARTS]
    rows = [_cleaned(*texts) for texts in zip(*columns, strict=False)]
    return [row for row in rows if not row.is_empty]


def check(rows: Iterable[RateRow], main: str) -> bool:
    """Note at each row what is wrong with it; whether nothing is."""
    taken: set[tuple[str, str]] = set()
    fine = True
    for row in rows:
        row.wrong = dict(_faults(row, main, taken))
        taken.add((row.currency, row.month))
        fine = fine and not row.wrong
    return fine


def _cleaned(currency: str, month: str, rate: str) -> RateRow:
    """Blanks mean nothing, and a comma is understood for the point."""
    digits = "".join(_text(rate).split()).replace(",", ".")
    return RateRow(_text(currency).upper(), _text(month), digits)


def _text(given: str) -> str:
    return given.replace("\0", "").strip()[:100]


def _faults(row: RateRow, main: str, taken: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    if not CURRENCY.fullmatch(row.currency):
        yield "currency", gettext("Three letters such as USD, please.")
    elif row.currency == main:
        yield "currency", gettext("This is the main currency: it needs no rate.")
    if not MONTH.fullmatch(row.month):
        yield "month", gettext("A month such as 2026-11, please.")
    elif (row.currency, row.month) in taken:
        yield "month", gettext("There is a row of this currency and month above.")
    if not RATE.fullmatch(row.rate):
        yield "rate", gettext("A number such as 0.92, with at most 12 digits after the point.")
    elif Decimal(row.rate) == 0:
        yield "rate", gettext("More than 0, please.")
