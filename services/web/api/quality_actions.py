"""Corrective and preventive actions (ISO 9001:2015 §10.2)."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.case_commands import QualityAction, SaveQualityAction
from services.web.access.asking import command_origin
from services.web.api.schemas.quality_actions import (
    ActionChange,
    ActionFields,
    ActionFilter,
    ActionList,
    NewAction,
)
from services.web.wiring import wired

blueprint = APIBlueprint(
    "api_quality_actions", __name__, url_prefix="/api/v1", tag="Quality actions"
)


@blueprint.get("/quality-actions")
@blueprint.input(ActionFilter, location="query")
@blueprint.output(ActionList)
def list_quality_actions(query_data: ActionFilter) -> ActionList:
    """List corrective and preventive actions of all cases, those due first before others."""
    page = wired().cases.quality_actions(**query_data.model_dump())
    return ActionList(items=page.items, next=page.next)


@blueprint.post("/cases/<int:number>/quality-actions")
@blueprint.input(NewAction)
@blueprint.output(QualityAction, status_code=201)
def add_quality_action(number: int, json_data: NewAction) -> QualityAction:
    """Add a corrective or preventive action to a case."""
    command = SaveQualityAction(**command_origin(), number=number, fields=_fields(json_data))
    return wired().cases.save_quality_action(command)


@blueprint.patch("/cases/<int:number>/quality-actions/<int:id>")
@blueprint.input(ActionChange)
@blueprint.output(QualityAction)
def change_quality_action(number: int, id: int, json_data: ActionChange) -> QualityAction:
    """Change an action, or say that it is done."""
    known = {"number": number, "id": id, "version": json_data.version}
    command = SaveQualityAction(**command_origin(), **known, fields=_fields(json_data))
    return wired().cases.save_quality_action(command)


def _fields(given: ActionFields) -> dict[str, object]:
    return given.model_dump(mode="json", exclude_unset=True, exclude={"version"})
