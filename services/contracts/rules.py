"""What the rules service announces. `rule.fired` is also the order that cases carries out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from services.contracts.cases import CaseSnapshot, Priority, State
from services.contracts.envelope import Command, Envelope, Part


class SetState(Part):
    do: Literal["set_state"] = "set_state"
    state: State


class MoveToSection(Part):
    do: Literal["move_to_section"] = "move_to_section"
    section_id: int


class Assign(Part):
    """`to` is a user, or a way of finding one; `user_id` only with "user"."""

    do: Literal["assign"] = "assign"
    to: Literal["user", "manager", "stand_in", "round_robin", "least_loaded"] = "user"
    user_id: int | None = None


class SetPriority(Part):
    do: Literal["set_priority"] = "set_priority"
    priority: Priority


class SetCategory(Part):
    do: Literal["set_category"] = "set_category"
    category_id: int


class Remind(Part):
    """A reminder by mail, with the whole discussion attached or not."""

    do: Literal["remind"] = "remind"
    whom: Literal["responsible", "partner"] = "responsible"
    with_discussion: bool = True
    text: str = ""


class AddWatchers(Part):
    """They get the discussion so far and every later message, and may answer."""

    do: Literal["add_watchers"] = "add_watchers"
    addresses: tuple[str, ...]


class SendTemplate(Part):
    """A predefined mail; subject and text are Jinja templates over `case`."""

    do: Literal["send_template"] = "send_template"
    whom: Literal["responsible", "partner", "watchers"] = "partner"
    subject: str
    text: str


class AddNote(Part):
    do: Literal["add_note"] = "add_note"
    text: str


class Escalate(Part):
    do: Literal["escalate"] = "escalate"


Action = Annotated[
    SetState
    | MoveToSection
    | Assign
    | SetPriority
    | SetCategory
    | Remind
    | AddWatchers
    | SendTemplate
    | AddNote
    | Escalate,
    Field(discriminator="do"),
]


class Criteria(Part):
    """Which cases a rule is for; all that is given must hold (A1).

    `state_from` and `state_to` are the states before and after the event; "any" also holds
    for a case that did not exist before, "none" only for such. For a timed rule both are
    the state the case is in, or how it came there when they differ. A partner category
    counts for its descendants.
    """

    state_from: State | Literal["any", "none"] = "any"
    state_to: State | Literal["any"] = "any"
    section_id: int | None = None
    with_subsections: bool = False
    category_id: int | None = None
    responsible_id: int | None = None
    priority: Priority | None = None
    partner_id: int | None = None
    partner_category_id: int | None = None
    kind: str | None = None
    subject_contains: str | None = None


class Trigger(Part):
    """When a rule fires: on the event itself (`date` "none"), or by a date of the case (A2).

    `delay` counts `unit`s behind the date; a negative one is before it. "state" is how long
    the case has been in its state.
    """

    date: Literal["none", "creation", "last_action", "deadline", "state"] = "none"
    delay: int = Field(default=0, ge=-10_000, le=10_000)
    unit: Literal["minutes", "hours", "days", "months"] = "days"


class Rule(Part):
    """An automated action: rules are judged by `order`, then `id`; `stop` ends the judging.

    `problem` says why the service itself switched the rule off; saving the rule empties it.
    """

    id: int
    name: str = Field(min_length=1, max_length=200)
    order: int = 100
    active: bool = True
    stop: bool = False
    criteria: Criteria = Criteria()
    trigger: Trigger = Trigger()
    actions: tuple[Action, ...] = ()
    problem: str = ""
    version: int = 1


class SaveRule(Command):
    """Adds a rule, or changes one (`id` and `version` given). RPC `save_rule`.

    `fields` are those of Rule without id and version; only those given are changed.
    A timed rule leaves alone what has been due before it was saved, unless `fire_overdue`.
    Answers `{"rule": Rule, "armed": cases it waits for, "overdue": cases it left alone}`.
    """

    id: int | None = None
    version: int | None = None
    fields: dict[str, Any]
    fire_overdue: bool = False


class Firing(Part):
    """A rule that fired for a case. RPC `list_firings`."""

    firing_id: str
    rule_id: int
    case_number: int
    at: datetime
    why: tuple[str, ...] = ()


class RuleFiredData(Part):
    """`why` lists, in words, the criteria that held; `judged` is the case they held for."""

    rule_id: int
    rule_name: str
    firing_id: str
    why: tuple[str, ...] = ()
    actions: tuple[Action, ...]
    judged: CaseSnapshot | None = None


class RuleFired(Envelope):
    TYPE: ClassVar[str] = "rule.fired"
    type: Literal["rule.fired"] = "rule.fired"
    case_id: int
    data: RuleFiredData


class RuleStoppedData(Part):
    """A chain of rules that set each other off was cut at `depth`."""

    rule_id: int
    rule_name: str
    depth: int
    chain: tuple[str, ...]


class RuleStopped(Envelope):
    TYPE: ClassVar[str] = "rule.stopped"
    type: Literal["rule.stopped"] = "rule.stopped"
    case_id: int
    data: RuleStoppedData
