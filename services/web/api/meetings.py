"""Inviting by mail to the meetings that cases are."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.calendar import SendInvitation
from services.contracts.cases import CaseSnapshot
from services.web.access.asking import command_origin
from services.web.api.schemas.meetings import Inviting
from services.web.wiring import wired

blueprint = APIBlueprint("api_meetings", __name__, url_prefix="/api/v1/cases", tag="Cases")


@blueprint.post("/<int:number>/invitation")
@blueprint.input(Inviting)
@blueprint.output(CaseSnapshot)
def send_invitation(number: int, json_data: Inviting) -> CaseSnapshot:
    """Invite those on the case by mail, each once; they are told of each change from then on."""
    command = SendInvitation(**command_origin(), number=number, version=json_data.version)
    return wired().cases.send_invitation(command)
