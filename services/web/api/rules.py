"""Rules, what they did, and what they would do."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services.contracts.rules import OrderRules, Rehearsal, Rule, RuleSummary, SaveRule, TryRule
from services.web.access.asking import asking_user, command_origin
from services.web.api.changes import changes
from services.web.api.created import Created, created
from services.web.api.paging import Paged, number_in, page_of, written_cursor
from services.web.api.schemas.rules import (
    ChangeList,
    FailureFilter,
    FailureList,
    FiringFilter,
    FiringList,
    NewRule,
    RuleChange,
    RuleDeletion,
    RuleFields,
    RuleList,
    RuleOrder,
    SavedRule,
    SummaryFilter,
    Trial,
)
from services.web.wiring import wired

blueprint = APIBlueprint("api_rules", __name__, url_prefix="/api/v1", tag="Rules")

CHECKED: dict[int | str, dict[str, str | dict[str, dict[str, Any]]]] = {
    200: {
        "description": "What saving it would come to, with check_only",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SavedRule"}}},
    }
}


@blueprint.get("/rules")
@blueprint.input(Paged, location="query")
@blueprint.output(RuleList)
def list_rules(query_data: Paged) -> RuleList:
    """List all rules."""
    page = page_of(wired().rules.list_rules(), query_data, lambda rule: (rule.order, rule.id))
    return RuleList(items=page.items, next=page.next)


@blueprint.get("/rules/<int:id>")
@blueprint.output(Rule)
def get_rule(id: int) -> Rule:
    """Get a rule."""
    return wired().rules.get(id)


@blueprint.post("/rules")
@blueprint.input(NewRule)
@blueprint.output(SavedRule, status_code=201)
@blueprint.doc(responses=CHECKED)
def create_rule(json_data: NewRule) -> Created[SavedRule] | tuple[SavedRule, int]:
    """Add a rule, or only check it."""
    saved = _save(json_data)
    return (saved, 200) if json_data.check_only else created(saved, f"rules/{saved.rule.id}")


@blueprint.patch("/rules/<int:id>")
@blueprint.input(RuleChange)
@blueprint.output(SavedRule)
def change_rule(id: int, json_data: RuleChange) -> SavedRule:
    """Change a rule, or only check what that would come to."""
    return _save(json_data, id=id, version=json_data.version)


@blueprint.delete("/rules/<int:id>")
@blueprint.input(RuleDeletion, location="query")
@blueprint.output({}, status_code=204)
def delete_rule(id: int, query_data: RuleDeletion) -> tuple[str, int]:
    """Delete a rule."""
    wired().rules.delete(id, query_data.version, asking_user().id)
    return "", 204


@blueprint.post("/rules/order")
@blueprint.input(RuleOrder)
@blueprint.output(RuleList)
def order_rules(json_data: RuleOrder) -> RuleList:
    """Put the rules into this order."""
    command = OrderRules(**command_origin(), ids=json_data.ids)
    return RuleList(items=wired().rules.order(command))


@blueprint.post("/rules/try")
@blueprint.input(Trial)
@blueprint.output(Rehearsal)
def try_rule(json_data: Trial) -> Rehearsal:
    """Tell what a rule, saved or not, would have done; nothing is done."""
    asked = json_data.model_dump(mode="json", exclude_unset=True)
    return wired().rules.rehearse(TryRule.model_validate(asked))


@blueprint.get("/rules/<int:id>/summary")
@blueprint.input(SummaryFilter, location="query")
@blueprint.output(RuleSummary)
def get_rule_summary(id: int, query_data: SummaryFilter) -> RuleSummary:
    """Sum up what a rule has done."""
    return wired().rules.summary(id, query_data.days)


@blueprint.get("/rules/<int:id>/failures")
@blueprint.input(FailureFilter, location="query")
@blueprint.output(FailureList)
def list_rule_failures(id: int, query_data: FailureFilter) -> FailureList:
    """List the cases a rule broke on."""
    asked = query_data
    behind = None if asked.cursor is None else number_in(asked.cursor)
    before = None if behind is None else (id, behind)
    found = wired().rules.failures(id, asked.limit, before)
    full = len(found) == asked.limit
    return FailureList(items=found, next=written_cursor((found[-1].case_number,)) if full else None)


@blueprint.get("/rules/<int:id>/history")
@blueprint.input(Paged, location="query")
@blueprint.output(ChangeList)
def get_rule_history(id: int, query_data: Paged) -> ChangeList:
    """List who changed a rule, and how."""
    return changes(wired().rules.history(id), query_data)


@blueprint.get("/firings")
@blueprint.input(FiringFilter, location="query")
@blueprint.output(FiringList)
def list_firings(query_data: FiringFilter) -> FiringList:
    """List when rules fired, why, and what became of it."""
    asked = query_data
    page = wired().rules.firings(asked.rule_id, asked.case_number, asked.limit, asked.cursor)
    return FiringList(items=page.items, next=page.next)


def _save(given: RuleFields, *, id: int | None = None, version: int | None = None) -> SavedRule:
    how = {"fire_overdue": given.fire_overdue, "check_only": given.check_only}
    fields = given.model_dump(mode="json", exclude_unset=True, exclude={"version", *how})
    command = SaveRule(**command_origin(), id=id, version=version, fields=fields, **how)
    return SavedRule.model_validate(wired().rules.save(command))
