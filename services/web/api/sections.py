"""Sections."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.directory import SaveSection, Section
from services.web.access.asking import command_origin
from services.web.api.created import Created, created
from services.web.api.paging import Paged, page_of
from services.web.api.schemas.directory import NewSection, SectionChange, SectionList
from services.web.wiring import wired

blueprint = APIBlueprint("api_sections", __name__, url_prefix="/api/v1/sections", tag="Sections")


@blueprint.get("")
@blueprint.input(Paged, location="query")
@blueprint.output(SectionList)
def list_sections(query_data: Paged) -> SectionList:
    """List all sections."""
    page = page_of(wired().directory.sections(), query_data, lambda section: (section.id,))
    return SectionList(items=page.items, next=page.next)


@blueprint.get("/<int:id>")
@blueprint.output(Section)
def get_section(id: int) -> Section:
    """Get a section."""
    return wired().directory.section(id)


@blueprint.post("")
@blueprint.input(NewSection)
@blueprint.output(Section, status_code=201)
def create_section(json_data: NewSection) -> Created[Section]:
    """Add a section."""
    fields = json_data.model_dump(mode="json", exclude_unset=True)
    made = wired().directory.save_section(SaveSection(**command_origin(), fields=fields))
    return created(made, f"sections/{made.id}")


@blueprint.patch("/<int:id>")
@blueprint.input(SectionChange)
@blueprint.output(Section)
def change_section(id: int, json_data: SectionChange) -> Section:
    """Change a section."""
    fields = json_data.model_dump(mode="json", exclude_unset=True, exclude={"version"})
    command = SaveSection(**command_origin(), id=id, version=json_data.version, fields=fields)
    return wired().directory.save_section(command)
