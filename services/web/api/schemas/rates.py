"""Rates of currencies, as the API takes and answers them."""

from __future__ import annotations

from pydantic import Field

from services.contracts.envelope import Part
from services.contracts.reports import Currency, Rates
from services.web.access.gate import BIGGEST_NUMBER
from services.web.api.schemas.base import Given
from services.web.rate_text import rate_text

WRITTEN_OUT = r"^[0-9]{1,12}(\.[0-9]{1,12})?$"


class GivenRate(Given):
    """What one unit of `currency` is worth in the main currency, from a month on."""

    currency: Currency
    month: str = Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$", examples=["2026-11"])
    rate: str = Field(
        pattern=WRITTEN_OUT,
        description="More than 0; a text, as a number of JSON may lose digits on its way",
        examples=["0.92"],
    )


class GivenRates(Given):
    """The whole table of rates; `version` is the one you read, 0 where there is none yet."""

    main: Currency = Field(default="EUR", description="The currency that rates are told in")
    rates: tuple[GivenRate, ...] = Field(max_length=5_000)
    version: int = Field(ge=0, le=BIGGEST_NUMBER)


class ToldRate(Part):
    """What one unit of `currency` is worth in the main currency, from a month on."""

    currency: Currency
    month: str = Field(examples=["2026-11"])
    rate: str = Field(pattern=WRITTEN_OUT, examples=["0.92"])


class RateTable(Part):
    """The whole table of rates; give its `version` with what replaces it."""

    main: Currency
    rates: list[ToldRate]
    version: int


def table_of(rates: Rates) -> RateTable:
    """The table with each rate written out, as it is taken."""
    told = [
        ToldRate(currency=one.currency, month=one.month, rate=rate_text(one.rate))
        for one in rates.rates
    ]
    return RateTable(main=rates.main, rates=told, version=rates.version)
