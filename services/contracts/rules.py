"""What the rules service announces. `rule.fired` is also the order that cases carries out."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from services.contracts.cases import CaseSnapshot, Priority, State
from services.contracts.envelope import Envelope, Part


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
