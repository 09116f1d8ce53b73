"""Rules, as the API takes and answers them."""

from __future__ import annotations

from pydantic import Field

from services.contracts.envelope import Part
from services.contracts.rules import Action, Criteria, Firing, Rule, Trigger
from services.web.api.schemas.base import Given, Id, Limit, Version


class RuleFields(Given):
    """Fields of a rule."""

    name: str = Field(default="", min_length=1, max_length=200)
    order: int = Field(default=100, ge=0, le=1_000_000)
    active: bool = True
    stop: bool = False
    criteria: Criteria = Criteria()
    trigger: Trigger = Trigger()
    actions: tuple[Action, ...] = ()
    fire_overdue: bool = Field(
        default=False, description="Let a timed rule fire for cases it has been due for already"
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
    """Rules in the order they are judged in; all are on one page."""

    items: list[Rule]
    next: str | None = None


class FiringFilter(Given):
    """Which firings to list."""

    rule_id: Id | None = None
    case_number: Id | None = None
    limit: Limit = 100


class FiringList(Part):
    """Firings, the last first."""

    items: list[Firing]
    next: str | None = None
