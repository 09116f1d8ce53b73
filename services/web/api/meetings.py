"""The meetings that cases are: moved, called off, and invited to."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.calendar import MoveEvent, SendInvitation
from services.contracts.cases import CaseSnapshot
from services.web.access.asking import command_origin
from services.web.api.schemas.meetings import Inviting, MeetingMove
from services.web.wiring import wired

blueprint = APIBlueprint("api_meetings", __name__, url_prefix="/api/v1/cases", tag="Cases")


@blueprint.post("/<int:number>/meeting")
@blueprint.input(MeetingMove)
@blueprint.output(CaseSnapshot)
def move_meeting(number: int, json_data: MeetingMove) -> CaseSnapshot:
    """Move a meeting or call it off: one of a series, it and all that follow, or all.

    All that follow go on as a case of their own, which is answered. Whoever was invited is told.
    """
    given = json_data.model_dump(exclude_unset=True)
    return wired().cases.move_event(MoveEvent(**command_origin(), number=number, **given))


@blueprint.post("/<int:number>/invitation")
@blueprint.input(Inviting)
@blueprint.output(CaseSnapshot)
def send_invitation(number: int, json_data: Inviting) -> CaseSnapshot:
    """Invite those on the case by mail, each once; they are told of each change from then on."""
    command = SendInvitation(**command_origin(), number=number, version=json_data.version)
    return wired().cases.send_invitation(command)
