"""Who changed an entry of the directory, and how."""

from __future__ import annotations

import re

from apiflask import APIBlueprint

from services.contracts.errors import NotFound
from services.web.api.changes import changes
from services.web.api.paging import Paged
from services.web.api.schemas.rules import ChangeList
from services.web.wiring import wired

KIND_CODE = r"[a-z][a-z0-9_]{0,49}"

blueprint = APIBlueprint(
    "api_directory_histories", __name__, url_prefix="/api/v1", tag="Directory histories"
)


@blueprint.get("/sections/<int:id>/history")
@blueprint.input(Paged, location="query")
@blueprint.output(ChangeList)
def get_section_history(id: int, query_data: Paged) -> ChangeList:
    """List who changed a section, and how."""
    return _history("section", id, query_data)


@blueprint.get("/users/<int:id>/history")
@blueprint.input(Paged, location="query")
@blueprint.output(ChangeList)
def get_user_history(id: int, query_data: Paged) -> ChangeList:
    """List who changed a user, and how."""
    return _history("user", id, query_data)


@blueprint.get("/partners/<int:id>/history")
@blueprint.input(Paged, location="query")
@blueprint.output(ChangeList)
def get_partner_history(id: int, query_data: Paged) -> ChangeList:
    """List who changed a partner, and how."""
    return _history("partner", id, query_data)


@blueprint.get("/categories/<int:id>/history")
@blueprint.input(Paged, location="query")
@blueprint.output(ChangeList)
def get_category_history(id: int, query_data: Paged) -> ChangeList:
    """List who changed a category of cases, and how."""
    return _history("category", id, query_data)


@blueprint.get("/partner-categories/<int:id>/history")
@blueprint.input(Paged, location="query")
@blueprint.output(ChangeList)
def get_partner_category_history(id: int, query_data: Paged) -> ChangeList:
    """List who changed a category of partners, and how."""
    return _history("partner_category", id, query_data)


@blueprint.get("/kinds/<code>/history")
@blueprint.input(Paged, location="query")
@blueprint.output(ChangeList)
def get_kind_history(code: str, query_data: Paged) -> ChangeList:
    """List who changed a kind of case, and how."""
    if not re.fullmatch(KIND_CODE, code):
        raise NotFound("kind", code)
    return _history("kind", code, query_data)


def _history(what: str, key: int | str, asked: Paged) -> ChangeList:
    return changes(wired().directory.history(what, key), asked)
