"""Rates of currencies, by which reports turn money into another one."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.errors import InvalidRequest
from services.contracts.reports import Rates, SaveRates
from services.web.access.asking import command_origin
from services.web.api.schemas.rates import GivenRates
from services.web.wiring import wired

blueprint = APIBlueprint("api_rates", __name__, url_prefix="/api/v1/rates", tag="Reports")


@blueprint.get("")
@blueprint.output(Rates)
def get_rates() -> Rates:
    """Get the rates of currencies."""
    return wired().reporting.rates()


@blueprint.put("")
@blueprint.input(GivenRates)
@blueprint.output(Rates)
def save_rates(json_data: GivenRates) -> Rates:
    """Replace the rates of currencies."""
    for place, one in enumerate(json_data.rates):
        if not one.rate.strip("0."):
            raise InvalidRequest(f"rates.{place}.rate", "must be more than 0")
    command = SaveRates.model_validate({**command_origin(), **json_data.model_dump()})
    return wired().reporting.save_rates(command)
