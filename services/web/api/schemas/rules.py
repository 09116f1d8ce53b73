"""Rules, as the API takes and answers them."""

from __future__ import annotations

from typing import Annotated, Any, get_args

from pydantic import BaseModel, BeforeValidator, Field

from services.contracts import rules
from services.contracts.directory import DirectoryChange
from services.contracts.envelope import Part
from services.contracts.rules import Action, Criteria, Firing, Rule, RuleFailure, Trigger
from services.web.api.schemas.base import Cursor, Given, Id, Limit, Version

MODELS: dict[str, type[BaseModel]] = {
    model.model_fields["do"].default: model for model in get_args(get_args(rules.Action)[0])
}


def _known_fields(given: Any) -> Any:
    """The contract ignores what it does not know; a misspelt field would change what is done."""
    do = given.get("do") if isinstance(given, dict) else None
    model = MODELS.get(do) if isinstance(do, str) else None
    unknown = set(given) - set(model.model_fields) if model else set()
    if unknown:
        raise ValueError(f"{given['do']} has no {', '.join(sorted(unknown))}")
    return given


GivenAction = Annotated[Action, BeforeValidator(_known_fields)]


class GivenCriteria(Criteria, Given):
    """Which cases a rule is for; all that is given must hold."""


class GivenTrigger(Trigger, Given):
    """When a rule fires: on the event itself, or some time before or after a date of the case."""


class RuleParts(Given):
    """What a rule is made of."""

    name: str = Field(default="", min_length=1, max_length=200)
    order: int = Field(default=100, ge=0, le=1_000_000)
    active: bool = True
    stop: bool = False
    criteria: GivenCriteria = GivenCriteria()
    trigger: GivenTrigger = GivenTrigger()
    actions: tuple[GivenAction, ...] = ()


class RuleFields(RuleParts):
    """Fields of a rule."""

    fire_overdue: bool = Field(
        default=False, description="Let a timed rule fire for cases it has been due for already"
    )
    check_only: bool = Field(
        default=False, description="Only answer what saving would come to; nothing is saved"
    )


class NewRule(RuleFields):
    """A rule to add."""

    name: str = Field(min_length=1, max_length=200)


class RuleChange(RuleFields):
    """Changes to a rule; a field left out stays."""

    version: Version


class SavedRule(Part):
    """The rule; how many cases it waits for, and how many it left alone as overdue."""

    rule: Rule
    armed: int = 0
    overdue: int = 0


class RuleDeletion(Given):
    """The version that you read."""

    version: Version


class RuleList(Part):
    """Rules in the order they are judged in, and the cursor of the next page."""

    items: list[Rule]
    next: str | None = None


class RuleOrder(Given):
    """The rules in their new order; those not named come behind."""

    ids: tuple[Id, ...] = Field(min_length=1, max_length=10_000)


class Trial(Given):
    """The rule `id` with these fields over its own, or a new one; `days` back from now."""

    id: Id | None = None
    fields: RuleParts = RuleParts()
    days: int = Field(default=30, ge=1, le=365)
    limit: int = Field(default=200, ge=1, le=1000, description="How many firings are listed")


class FiringFilter(Given):
    """Which firings to list."""

    rule_id: Id | None = None
    case_number: Id | None = None
    cursor: str | None = Field(
        default=None, max_length=64, description="The `next` of the page before"
    )
    limit: Limit = 100


class FiringList(Part):
    """Firings, the last first, and the cursor of the next page."""

    items: list[Firing]
    next: str | None = None


class FailureFilter(Given):
    """Which failures to list."""

    cursor: Cursor | None = Field(default=None, description="The `next` of the page before")
    limit: Limit = 100


class FailureList(Part):
    """Failures, the last first, and the cursor of the next page."""

    items: list[RuleFailure]
    next: str | None = None


class SummaryFilter(Given):
    """How far back to count."""

    days: int = Field(default=30, ge=1, le=365)


class ChangeList(Part):
    """Who changed it and how, the last first, and the cursor of the next page."""

    items: list[DirectoryChange]
    next: str | None = None
