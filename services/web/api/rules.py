"""Rules, and when they fired."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.rules import Rule, SaveRule
from services.web.access.asking import command_origin
from services.web.api.schemas.rules import (
    FiringFilter,
    FiringList,
    NewRule,
    RuleChange,
    RuleDeletion,
    RuleFields,
    RuleList,
    SavedRule,
)
from services.web.wiring import wired

blueprint = APIBlueprint("api_rules", __name__, url_prefix="/api/v1", tag="Rules")


@blueprint.get("/rules")
@blueprint.output(RuleList)
def list_rules() -> RuleList:
    """List all rules."""
    return RuleList(items=wired().rules.list_rules())


@blueprint.get("/rules/<int:id>")
@blueprint.output(Rule)
def get_rule(id: int) -> Rule:
    """Get a rule."""
    return wired().rules.get(id)


@blueprint.post("/rules")
@blueprint.input(NewRule)
@blueprint.output(SavedRule, status_code=201)
def create_rule(json_data: NewRule) -> SavedRule:
    """Add a rule."""
    return _save(json_data)


@blueprint.patch("/rules/<int:id>")
@blueprint.input(RuleChange)
@blueprint.output(SavedRule)
def change_rule(id: int, json_data: RuleChange) -> SavedRule:
    """Change a rule."""
    return _save(json_data, id=id, version=json_data.version)


@blueprint.delete("/rules/<int:id>")
@blueprint.input(RuleDeletion, location="query")
@blueprint.output({}, status_code=204)
def delete_rule(id: int, query_data: RuleDeletion) -> tuple[str, int]:
    """Delete a rule."""
    wired().rules.delete(id, query_data.version)
    return "", 204


@blueprint.get("/firings")
@blueprint.input(FiringFilter, location="query")
@blueprint.output(FiringList)
def list_firings(query_data: FiringFilter) -> FiringList:
    """List when rules fired, and why."""
    rules = wired().rules
    found = rules.firings(query_data.rule_id, query_data.case_number, query_data.limit)
    return FiringList(items=found)


def _save(given: RuleFields, *, id: int | None = None, version: int | None = None) -> SavedRule:
    fields = given.model_dump(mode="json", exclude_unset=True, exclude={"version", "fire_overdue"})
    command = SaveRule(
        **command_origin(), id=id, version=version, fields=fields, fire_overdue=given.fire_overdue
    )
    return SavedRule.model_validate(wired().rules.save(command))
