"""Cases and one another: merging, splitting a message off, links."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.case_commands import LinkCases, MergeCase, SplitCase, UnlinkCases
from services.contracts.cases import CaseSnapshot
from services.web.access.asking import command_origin
from services.web.api.created import Created, created
from services.web.api.schemas.case_relations import Merging, NewLink, Splitting
from services.web.wiring import wired

blueprint = APIBlueprint("api_case_relations", __name__, url_prefix="/api/v1/cases", tag="Cases")


@blueprint.post("/<int:number>/merge")
@blueprint.input(Merging)
@blueprint.output(CaseSnapshot)
def merge_case(number: int, json_data: Merging) -> CaseSnapshot:
    """Merge a case into another, and answer the one that stays.

    Discussion and watchers go there, and so do answers by mail; the case is cancelled unless
    it is closed.
    """
    given = json_data.model_dump(exclude_unset=True)
    return wired().cases.merge(MergeCase(**command_origin(), number=number, **given))


@blueprint.post("/<int:number>/split")
@blueprint.input(Splitting)
@blueprint.output(CaseSnapshot, status_code=201)
def split_case(number: int, json_data: Splitting) -> Created[CaseSnapshot]:
    """Make a new case of one message, and answer it; the two are linked."""
    given = json_data.model_dump(exclude_unset=True)
    case = wired().cases.split(SplitCase(**command_origin(), number=number, **given))
    return created(case, f"cases/{case.number}")


@blueprint.post("/<int:number>/links")
@blueprint.input(NewLink)
@blueprint.output(CaseSnapshot, status_code=201)
def link_cases(number: int, json_data: NewLink) -> CaseSnapshot:
    """Link a case with another: it is `relation` of the `other`."""
    return wired().cases.link(
        LinkCases(**command_origin(), number=number, **json_data.model_dump())
    )


@blueprint.delete("/<int:number>/links/<int:other>")
@blueprint.output(CaseSnapshot)
def unlink_cases(number: int, other: int) -> CaseSnapshot:
    """Take all links between two cases away."""
    return wired().cases.unlink(UnlinkCases(**command_origin(), number=number, other=other))
