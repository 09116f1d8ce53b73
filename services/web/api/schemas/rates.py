"""Rates of currencies, as the API takes them."""

from __future__ import annotations

from pydantic import Field

from services.contracts.reports import Currency
from services.web.access.gate import BIGGEST_NUMBER
from services.web.api.schemas.base import Given


class GivenRate(Given):
    """What one unit of `currency` is worth in the main currency, from a month on."""

    currency: Currency
    month: str = Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$", examples=["2026-11"])
    rate: str = Field(
        pattern=r"^[0-9]{1,12}(\.[0-9]{1,12})?$",
        description="More than 0; a text, as a number of JSON may lose digits on its way",
        examples=["0.92"],
    )


class GivenRates(Given):
    """The whole table of rates; `version` is the one you read, 0 where there is none yet."""

    main: Currency = Field(default="EUR", description="The currency that rates are told in")
    rates: tuple[GivenRate, ...] = Field(max_length=5_000)
    version: int = Field(ge=0, le=BIGGEST_NUMBER)
