"""Sections."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.directory import SaveSection, Section
from services.web.access.asking import command_origin
from services.web.api.schemas.directory import NewSection, SectionChange, SectionList
from services.web.wiring import wired

blueprint = APIBlueprint("api_sections", __name__, url_prefix="/api/v1/sections", tag="Sections")


@blueprint.get("")
@blueprint.output(SectionList)
def list_sections() -> SectionList:
    """List all sections."""
    return SectionList(items=wired().directory.sections())


@blueprint.get("/<int:id>")
@blueprint.output(Section)
def get_section(id: int) -> Section:
    """Get a section."""
    return wired().directory.section(id)


@blueprint.post("")
@blueprint.input(NewSection)
@blueprint.output(Section, status_code=201)
def create_section(json_data: NewSection) -> Section:
    """Add a section."""
    fields = json_data.model_dump(mode="json", exclude_unset=True)
    return wired().directory.save_section(SaveSection(**command_origin(), fields=fields))


@blueprint.patch("/<int:id>")
@blueprint.input(SectionChange)
@blueprint.output(Section)
def change_section(id: int, json_data: SectionChange) -> Section:
    """Change a section."""
    fields = json_data.model_dump(mode="json", exclude_unset=True, exclude={"version"})
    command = SaveSection(**command_origin(), id=id, version=json_data.version, fields=fields)
    return wired().directory.save_section(command)
