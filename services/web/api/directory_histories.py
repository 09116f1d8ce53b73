"""Who changed an entry of the directory, and how."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.web.api.schemas.rules import ChangeList
from services.web.wiring import wired

blueprint = APIBlueprint(
    "api_directory_histories", __name__, url_prefix="/api/v1", tag="Directory histories"
)


@blueprint.get("/sections/<int:id>/history")
@blueprint.output(ChangeList)
def get_section_history(id: int) -> ChangeList:
    """List who changed a section, and how."""
    return _history("section", id)


@blueprint.get("/users/<int:id>/history")
@blueprint.output(ChangeList)
def get_user_history(id: int) -> ChangeList:
    """List who changed a user, and how."""
    return _history("user", id)


@blueprint.get("/partners/<int:id>/history")
@blueprint.output(ChangeList)
def get_partner_history(id: int) -> ChangeList:
    """List who changed a partner, and how."""
    return _history("partner", id)


@blueprint.get("/categories/<int:id>/history")
@blueprint.output(ChangeList)
def get_category_history(id: int) -> ChangeList:
    """List who changed a category of cases, and how."""
    return _history("category", id)


@blueprint.get("/partner-categories/<int:id>/history")
@blueprint.output(ChangeList)
def get_partner_category_history(id: int) -> ChangeList:
    """List who changed a category of partners, and how."""
    return _history("partner_category", id)


@blueprint.get("/kinds/<code>/history")
@blueprint.output(ChangeList)
def get_kind_history(code: str) -> ChangeList:
    """List who changed a kind of case, and how."""
    return _history("kind", code)


def _history(what: str, key: int | str) -> ChangeList:
    return ChangeList(items=wired().directory.history(what, key))
