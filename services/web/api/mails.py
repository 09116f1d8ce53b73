"""Mails that came in."""

from __future__ import annotations

from uuid import UUID

from apiflask import APIBlueprint
from apiflask.schemas import FileSchema
from flask import Response

from services.contracts.mail_lists import MailQuestion, MailView
from services.web.access.asking import asking_actor
from services.web.api.schemas.mails import MailDecision, MailFilterList, MailList, MailListQuery
from services.web.attachments import OCTETS
from services.web.mail_download import mail_download
from services.web.wiring import wired

blueprint = APIBlueprint("api_mails", __name__, url_prefix="/api/v1", tag="Mails")


@blueprint.get("/mails")
@blueprint.input(MailListQuery, location="query")
@blueprint.output(MailList)
def list_mails(query_data: MailListQuery) -> MailList:
    """List mails that came in, the newest first."""
    question = MailQuestion.model_validate(query_data.model_dump())
    page = wired().mailgw.mails.list_mails(question)
    return MailList(items=page.items, next=page.next)


@blueprint.get("/mail-filters")
@blueprint.output(MailFilterList)
def list_mail_filters() -> MailFilterList:
    """List the filters that every mail runs through, in their order."""
    return MailFilterList(items=wired().mailgw.mails.filters())


@blueprint.get("/mails/<uuid:mail_id>")
@blueprint.output(MailView)
def get_mail(mail_id: UUID) -> MailView:
    """Get a mail: what each filter said of it, and where it went and why."""
    return wired().mailgw.mails.get(str(mail_id))


@blueprint.get("/mails/<uuid:mail_id>/raw")
@blueprint.output(FileSchema(type="string", format="binary"), content_type=OCTETS)
def download_mail(mail_id: UUID) -> Response:
    """Download a mail as it came."""
    return mail_download(str(mail_id))


@blueprint.post("/mails/<uuid:mail_id>/acts")
@blueprint.input(MailDecision)
@blueprint.output(MailView)
def act_on_mail(mail_id: UUID, json_data: MailDecision) -> MailView:
    """Have a mail looked into once more; `may` of a mail lists what is open for it."""
    return wired().mailgw.mails.act(str(mail_id), json_data.act, asking_actor())
