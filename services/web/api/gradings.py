"""Gradings of suppliers by their quality problems, and the grades that these have."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.grades import DeleteGrading, GradesShown, Grading, SaveGrading
from services.web.access.asking import command_origin
from services.web.api.created import Created, created
from services.web.api.paging import Paged, page_of
from services.web.api.schemas.gradings import (
    GradingChange,
    GradingDeletion,
    GradingFields,
    GradingList,
    NewGrading,
)
from services.web.wiring import wired

blueprint = APIBlueprint("api_gradings", __name__, url_prefix="/api/v1/gradings", tag="Reports")


@blueprint.get("")
@blueprint.input(Paged, location="query")
@blueprint.output(GradingList)
def list_gradings(query_data: Paged) -> GradingList:
    """List the gradings of suppliers."""
    page = page_of(
        wired().reporting.gradings(), query_data, lambda one: (one.name.casefold(), one.id)
    )
    return GradingList(items=page.items, next=page.next)


@blueprint.get("/<int:id>")
@blueprint.output(Grading)
def get_grading(id: int) -> Grading:
    """Get a grading of suppliers."""
    return wired().reporting.grading(id)


@blueprint.get("/<int:id>/grades")
@blueprint.output(GradesShown)
def get_grades(id: int) -> GradesShown:
    """Get the suppliers of a grading, their quality problems and grades."""
    return wired().reporting.grades(id)


@blueprint.post("")
@blueprint.input(NewGrading)
@blueprint.output(Grading, status_code=201)
def create_grading(json_data: NewGrading) -> Created[Grading]:
    """Add a grading of suppliers."""
    made = _save(json_data)
    return created(made, f"gradings/{made.id}")


@blueprint.patch("/<int:id>")
@blueprint.input(GradingChange)
@blueprint.output(Grading)
def change_grading(id: int, json_data: GradingChange) -> Grading:
    """Change a grading; suppliers are graded by it within a minute."""
    return _save(json_data, id=id, version=json_data.version)


@blueprint.delete("/<int:id>")
@blueprint.input(GradingDeletion, location="query")
@blueprint.output({}, status_code=204)
def delete_grading(id: int, query_data: GradingDeletion) -> tuple[str, int]:
    """Delete a grading; suppliers stay in their categories."""
    command = DeleteGrading(**command_origin(), id=id, version=query_data.version)
    wired().reporting.delete_grading(command)
    return "", 204


def _save(given: GradingFields, *, id: int | None = None, version: int | None = None) -> Grading:
    fields = given.model_dump(mode="json", exclude_unset=True, exclude={"version"})
    command = SaveGrading(**command_origin(), id=id, version=version, fields=fields)
    return wired().reporting.save_grading(command)
