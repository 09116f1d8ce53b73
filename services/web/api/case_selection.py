"""Many cases at once, and the tags they carry."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.case_commands import ChangeCases
from services.web.access.asking import command_origin
from services.web.api.paging import Paged, page_of
from services.web.api.resolve import case_fields
from services.web.api.schemas.case_selection import SelectionChange, TagList
from services.web.clients.cases import Outcome
from services.web.wiring import wired

blueprint = APIBlueprint("api_case_selection", __name__, url_prefix="/api/v1", tag="Cases")


@blueprint.post("/cases/bulk")
@blueprint.input(SelectionChange)
@blueprint.output(Outcome)
def change_cases(json_data: SelectionChange) -> Outcome:
    """Change several cases, each on its own; the answer says of each what became of it."""
    given = json_data.model_dump(exclude_unset=True, exclude={"fields"})
    if json_data.fields is not None:
        given["fields"] = case_fields(wired().directory, json_data.fields)
    command = ChangeCases.model_validate({**command_origin(), **given})
    return wired().cases.change_several(command)


@blueprint.get("/tags")
@blueprint.input(Paged, location="query")
@blueprint.output(TagList)
def list_tags(query_data: Paged) -> TagList:
    """List the tags in use, the most used first."""
    page = page_of(wired().cases.tags(), query_data, lambda one: (-one.count, one.tag))
    return TagList(items=page.items, next=page.next)
