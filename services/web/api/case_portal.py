"""The links by which a case's contact reaches it in the partners' portal."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.portal import EndPortalLinks
from services.web.access.asking import command_origin
from services.web.wiring import wired

blueprint = APIBlueprint(
    "api_case_portal", __name__, url_prefix="/api/v1/cases/<int:number>", tag="Cases"
)


@blueprint.delete("/portal-links")
@blueprint.output({}, status_code=204)
def end_portal_links(number: int) -> tuple[str, int]:
    """End the portal links given out so far; the next mail to the contact brings a new one."""
    wired().cases.end_portal_links(EndPortalLinks(**command_origin(), number=number))
    return "", 204
