"""Questions of the case list that are kept under a name."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.web.access.asking import asking_user
from services.web.api.schemas.saved_filters import FilterChange, FilterList, NewFilter
from services.web.saved_filters import (
    SavedFilter,
    add_filter,
    change_filter,
    delete_filter,
    filters_of,
)
from services.web.wiring import wired

blueprint = APIBlueprint(
    "api_saved_filters", __name__, url_prefix="/api/v1/saved-filters", tag="Saved filters"
)


@blueprint.get("")
@blueprint.output(FilterList)
def list_filters() -> FilterList:
    """List your saved filters and those for everybody, in their order."""
    with wired().database.read() as connection:
        return FilterList(items=filters_of(connection, asking_user()))


@blueprint.post("")
@blueprint.input(NewFilter)
@blueprint.output(SavedFilter, status_code=201)
def add_saved_filter(json_data: NewFilter) -> SavedFilter:
    """Save a filter; only a manager may save one for everybody."""
    with wired().database.write() as connection:
        return add_filter(connection, asking_user(), **json_data.model_dump())


@blueprint.patch("/<int:id>")
@blueprint.input(FilterChange)
@blueprint.output(SavedFilter)
def change_saved_filter(id: int, json_data: FilterChange) -> SavedFilter:
    """Change a filter of yours; a manager also one for everybody."""
    fields = json_data.model_dump(exclude_unset=True)
    with wired().database.write() as connection:
        return change_filter(connection, asking_user(), id, **fields)


@blueprint.delete("/<int:id>")
@blueprint.output({}, status_code=204)
def delete_saved_filter(id: int) -> tuple[str, int]:
    """Delete a filter of yours; a manager also one for everybody."""
    with wired().database.write() as connection:
        delete_filter(connection, asking_user(), id)
    return "", 204
