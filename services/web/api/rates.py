"""Rates of currencies, by which reports turn money into another one."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.errors import InvalidRequest
from services.contracts.reports import SaveRates
from services.web.access.asking import command_origin
from services.web.api.schemas.rates import GivenRates, RateTable, table_of
from services.web.wiring import wired

blueprint = APIBlueprint("api_rates", __name__, url_prefix="/api/v1/rates", tag="Reports")


@blueprint.get("")
@blueprint.output(RateTable)
def get_rates() -> RateTable:
    """Get the rates of currencies."""
    return table_of(wired().reporting.rates())


@blueprint.put("")
@blueprint.input(GivenRates)
@blueprint.output(RateTable)
def save_rates(json_data: GivenRates) -> RateTable:
    """Replace the rates of currencies."""
    for place, one in enumerate(json_data.rates):
        if not one.rate.strip("0."):
            raise InvalidRequest(f"rates.{place}.rate", "must be more than 0")
    command = SaveRates.model_validate({**command_origin(), **json_data.model_dump()})
    return table_of(wired().reporting.save_rates(command))
