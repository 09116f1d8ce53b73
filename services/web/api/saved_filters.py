"""Questions of the case list that are kept under a name."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.web.access.asking import asking_user
from services.web.api.paging import Paged, page_by_place
from services.web.api.schemas.saved_filters import FilterChange, FilterList, NewFilter
from services.web.saved_filters import (
    SavedFilter,
    add_filter,
    change_filter,
    delete_filter,
    filters_of,
    find_filter,
    raise_filter,
)
from services.web.wiring import wired

blueprint = APIBlueprint(
    "api_saved_filters", __name__, url_prefix="/api/v1/saved-filters", tag="Saved filters"
)


@blueprint.get("")
@blueprint.input(Paged, location="query")
@blueprint.output(FilterList)
def list_filters(query_data: Paged) -> FilterList:
    """List your saved filters and those for everybody, in their order."""
    with wired().database.read() as connection:
        page = page_by_place(filters_of(connection, asking_user()), query_data)
    return FilterList(items=page.items, next=page.next)


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


@blueprint.post("/<int:id>/raise")
@blueprint.output(SavedFilter)
def raise_saved_filter(id: int) -> SavedFilter:
    """Put a filter one place higher among yours, or among those for everybody."""
    with wired().database.write() as connection:
        raise_filter(connection, asking_user(), id)
        return find_filter(connection, asking_user(), id)


@blueprint.delete("/<int:id>")
@blueprint.output({}, status_code=204)
def delete_saved_filter(id: int) -> tuple[str, int]:
    """Delete a filter of yours; a manager also one for everybody."""
    with wired().database.write() as connection:
        delete_filter(connection, asking_user(), id)
    return "", 204
