"""Mails that wait to be sent, or were given up."""

from __future__ import annotations

from uuid import UUID

from apiflask import APIBlueprint

from services.contracts.mail_lists import OutgoingQuestion
from services.web.access.asking import asking_actor
from services.web.api.schemas.mails import OutgoingDecision, OutgoingListQuery, OutgoingMailList
from services.web.wiring import wired

blueprint = APIBlueprint(
    "api_outgoing_mails", __name__, url_prefix="/api/v1/outgoing-mails", tag="Mails"
)


@blueprint.get("")
@blueprint.input(OutgoingListQuery, location="query")
@blueprint.output(OutgoingMailList)
def list_outgoing_mails(query_data: OutgoingListQuery) -> OutgoingMailList:
    """List the mails that wait, the next one due first, or those given up, the newest first."""
    question = OutgoingQuestion.model_validate(query_data.model_dump())
    page = wired().mailgw.mails.outgoing(question)
    return OutgoingMailList(items=page.items, next=page.next)


@blueprint.post("/<uuid:mail_id>/acts")
@blueprint.input(OutgoingDecision)
@blueprint.output({}, status_code=204)
def act_on_outgoing_mail(mail_id: UUID, json_data: OutgoingDecision) -> tuple[str, int]:
    """Try a mail again at once, or give it up, which its case is told."""
    wired().mailgw.mails.act_on_outgoing(str(mail_id), json_data.act, asking_actor())
    return "", 204
