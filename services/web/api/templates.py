"""Predefined mails."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.directory import MailTemplate, PreviewTemplate, SaveTemplate
from services.web.access.asking import command_origin
from services.web.api.changes import changes
from services.web.api.created import Created, created
from services.web.api.paging import Paged, page_of
from services.web.api.schemas.rules import ChangeList
from services.web.api.schemas.templates import (
    NewTemplate,
    Preview,
    TemplateChange,
    TemplateFields,
    TemplateList,
)
from services.web.clients.templates import FilledIn
from services.web.wiring import wired

blueprint = APIBlueprint("api_templates", __name__, url_prefix="/api/v1/templates", tag="Templates")


@blueprint.get("")
@blueprint.input(Paged, location="query")
@blueprint.output(TemplateList)
def list_templates(query_data: Paged) -> TemplateList:
    """List all templates."""
    found = wired().templates.list_templates()
    page = page_of(found, query_data, lambda one: (one.name.casefold(), one.id))
    return TemplateList(items=page.items, next=page.next)


@blueprint.get("/<int:id>")
@blueprint.output(MailTemplate)
def get_template(id: int) -> MailTemplate:
    """Get a template."""
    return wired().templates.get(id)


@blueprint.post("")
@blueprint.input(NewTemplate)
@blueprint.output(MailTemplate, status_code=201)
def create_template(json_data: NewTemplate) -> Created[MailTemplate]:
    """Add a template."""
    made = _save(json_data)
    return created(made, f"templates/{made.id}")


@blueprint.patch("/<int:id>")
@blueprint.input(TemplateChange)
@blueprint.output(MailTemplate)
def change_template(id: int, json_data: TemplateChange) -> MailTemplate:
    """Change a template."""
    return _save(json_data, id=id, version=json_data.version)


@blueprint.post("/preview")
@blueprint.input(Preview)
@blueprint.output(FilledIn)
def preview_template(json_data: Preview) -> FilledIn:
    """Fill a subject and text in for a case; nothing is sent."""
    return wired().templates.preview(PreviewTemplate.model_validate(json_data.model_dump()))


@blueprint.get("/<int:id>/history")
@blueprint.input(Paged, location="query")
@blueprint.output(ChangeList)
def get_template_history(id: int, query_data: Paged) -> ChangeList:
    """List who changed a template, and how."""
    return changes(wired().templates.history(id), query_data)


def _save(
    given: TemplateFields, *, id: int | None = None, version: int | None = None
) -> MailTemplate:
    fields = given.model_dump(mode="json", exclude_unset=True, exclude={"version"})
    command = SaveTemplate(**command_origin(), id=id, version=version, fields=fields)
    return wired().templates.save(command)
