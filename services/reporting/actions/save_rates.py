"""The table of rates is replaced by another."""

from __future__ import annotations

from services.contracts.errors import InvalidRequest, StaleVersion
from services.contracts.reports import Rate, Rates, SaveRates
from services.messaging.transaction import Transactions
from services.reporting.rates import read_rates, replace_rates


def save_rates(transactions: Transactions, asked: SaveRates) -> Rates:
    """Save the table, and answer it. Saving again what stands there already changes nothing.

    Raises StaleVersion where somebody else was faster, and InvalidRequest.
    """
    _check(asked)
    new = Rates(main=asked.main, rates=tuple(sorted(asked.rates, key=_key)), version=asked.version)
    with transactions.begin() as transaction:
        there = read_rates(transaction.connection)
        if there.model_copy(update={"version": 0}) == new.model_copy(update={"version": 0}):
            return there
        if not replace_rates(transaction.connection, new):
            raise StaleVersion("rates", asked.version, there.version)
        return read_rates(transaction.connection)


def _check(asked: SaveRates) -> None:
    seen: set[tuple[str, str]] = set()
    for place, rate in enumerate(asked.rates):
        if rate.currency == asked.main:
            told = f"{rate.currency} is the main currency, which is worth 1; leave it out"
            raise InvalidRequest(f"rates.{place}.currency", told)
        if _key(rate) in seen:
            told = f"{rate.currency} has another rate from {rate.month} on; leave one of them out"
            raise InvalidRequest(f"rates.{place}.month", told)
        seen.add(_key(rate))


def _key(rate: Rate) -> tuple[str, str]:
    return rate.currency, rate.month
