"""Partners: customers and suppliers, with their contacts."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.directory import Partner, SavePartner
from services.web.access.asking import command_origin
from services.web.api.created import Created, created
from services.web.api.schemas.directory import (
    NewPartner,
    PartnerChange,
    PartnerFilter,
    PartnerList,
)
from services.web.wiring import wired

blueprint = APIBlueprint("api_partners", __name__, url_prefix="/api/v1/partners", tag="Partners")


@blueprint.get("")
@blueprint.input(PartnerFilter, location="query")
@blueprint.output(PartnerList)
def list_partners(query_data: PartnerFilter) -> PartnerList:
    """List partners."""
    page = wired().directory.partners(query_data.q, query_data.cursor, query_data.limit)
    return PartnerList(items=page.items, next=page.next)


@blueprint.get("/<int:id>")
@blueprint.output(Partner)
def get_partner(id: int) -> Partner:
    """Get a partner."""
    return wired().directory.partner(id)


@blueprint.post("")
@blueprint.input(NewPartner)
@blueprint.output(Partner, status_code=201)
def create_partner(json_data: NewPartner) -> Created[Partner]:
    """Add a partner."""
    fields = json_data.model_dump(mode="json", exclude_unset=True)
    made = wired().directory.save_partner(SavePartner(**command_origin(), fields=fields))
    return created(made, f"partners/{made.id}")


@blueprint.patch("/<int:id>")
@blueprint.input(PartnerChange)
@blueprint.output(Partner)
def change_partner(id: int, json_data: PartnerChange) -> Partner:
    """Change a partner."""
    fields = json_data.model_dump(mode="json", exclude_unset=True, exclude={"version"})
    command = SavePartner(**command_origin(), id=id, version=json_data.version, fields=fields)
    return wired().directory.save_partner(command)
