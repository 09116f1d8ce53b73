"""Reports that are mailed on a schedule."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import current_app

from services.web.access.asking import asking_user, command_origin
from services.web.api.created import Created, created
from services.web.api.paging import Paged, page_of
from services.web.api.schemas.report_mails import (
    NewReportMail,
    ReportMailChange,
    ReportMailList,
)
from services.web.report_mails import managing
from services.web.report_mails.store import ReportMail
from services.web.wiring import wired

blueprint = APIBlueprint(
    "api_report_mails", __name__, url_prefix="/api/v1/report-mails", tag="Reports"
)


@blueprint.get("")
@blueprint.input(Paged, location="query")
@blueprint.output(ReportMailList)
def list_report_mails(query_data: Paged) -> ReportMailList:
    """List the reports that are mailed: yours; for managers who see every case, all."""
    found = managing.seen_by(wired(), asking_user())
    page = page_of(found, query_data, lambda one: (one.name, one.id))
    return ReportMailList(items=page.items, next=page.next)


@blueprint.post("")
@blueprint.input(NewReportMail)
@blueprint.output(ReportMail, status_code=201)
def create_report_mail(json_data: NewReportMail) -> Created[ReportMail]:
    """Have a report mailed regularly, as you see it: its graph as a picture, all of it as XLSX."""
    made = managing.add(wired(), asking_user(), json_data.model_dump())
    return created(made, f"report-mails/{made.id}")


@blueprint.get("/<int:id>")
@blueprint.output(ReportMail)
def get_report_mail(id: int) -> ReportMail:
    """Get a report that is mailed, and how it fares."""
    return managing.find(wired(), asking_user(), id)


@blueprint.patch("/<int:id>")
@blueprint.input(ReportMailChange)
@blueprint.output(ReportMail)
def change_report_mail(id: int, json_data: ReportMailChange) -> ReportMail:
    """Change a report that is mailed, switch it off, or on again."""
    fields = json_data.model_dump(exclude_unset=True)
    version = fields.pop("version")
    return managing.change(wired(), asking_user(), id, version, fields)


@blueprint.delete("/<int:id>")
@blueprint.output({}, status_code=204)
def delete_report_mail(id: int) -> tuple[str, int]:
    """Mail a report no longer."""
    managing.remove(wired(), asking_user(), id)
    return "", 204


@blueprint.post("/<int:id>/send")
@blueprint.output({}, status_code=204)
def send_report_mail(id: int) -> tuple[str, int]:
    """Mail a report now; its next turn stays."""
    key = command_origin()["idempotency_key"]
    managing.send_now(current_app, wired(), asking_user(), id, key)
    return "", 204
