"""What the rules service announces. `rule.fired` is also the order that cases carries out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from services.contracts.cases import CaseSnapshot, Change, Priority, State
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
    """A predefined mail: the template `template_id`, or a subject and text of its own.

    Both are templates over `case` (services/contracts/templates.py).
    """

    do: Literal["send_template"] = "send_template"
    whom: Literal["responsible", "partner", "watchers"] = "partner"
    template_id: int | None = None
    subject: str = ""
    text: str = ""


class AddNote(Part):
    do: Literal["add_note"] = "add_note"
    text: str


class Escalate(Part):
    do: Literal["escalate"] = "escalate"


Unit = Literal["minutes", "hours", "days", "months"]


class SetDeadline(Part):
    """Sets when our first answer ("response") or the solution ("resolution") is due.

    So a contract's deadlines are ordinary rules. It counts `delay` `unit`s from `since`, on
    the working calendar where one is given. `moment` is what that comes to: the rules service
    fills it in when the rule fires, nobody saves it.
    """

    do: Literal["set_deadline"] = "set_deadline"
    which: Literal["response", "resolution"] = "resolution"
    since: Literal["creation", "now"] = "creation"
    delay: int = Field(default=1, ge=0, le=10_000)
    unit: Unit = "days"
    calendar_id: int | None = None
    moment: datetime | None = None


class AddTags(Part):
    do: Literal["add_tags"] = "add_tags"
    tags: tuple[str, ...]


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
    | Escalate
    | SetDeadline
    | AddTags,
    Field(discriminator="do"),
]


class Criteria(Part):
    """Which cases a rule is for; all that is given must hold (A1).

    `state_from` and `state_to` are the states before and after the event; "any" also holds
    for a case that did not exist before, "none" only for such. For a timed rule both are
    the state the case is in, or how it came there when they differ. A partner category
    counts for its descendants. `custom` compares fields of the kind by code; a person is
    given by his number.
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
    tag: str | None = None
    custom: dict[str, Any] = Field(default_factory=dict)


class Trigger(Part):
    """When a rule fires: on the event itself (`date` "none"), or by a date of the case (A2).

    `delay` counts `unit`s behind the date; a negative one is before it. "state" is how long
    the case has been in its state, "start" that of a dated kind. "response_deadline" is there
    only until the first answer. On a working calendar minutes and hours are those within its
    hours, and days are working days; months are those of the calendar on the wall.
    """

    date: Literal[
        "none", "creation", "last_action", "deadline", "response_deadline", "state", "start"
    ] = "none"
    delay: int = Field(default=0, ge=-10_000, le=10_000)
    unit: Unit = "days"
    calendar_id: int | None = None


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
    With `check_only` it answers the same and nothing is saved, so that a form can show the
    numbers first.
    """

    id: int | None = None
    version: int | None = None
    fields: dict[str, Any]
    fire_overdue: bool = False
    check_only: bool = False


class OrderRules(Command):
    """Puts the rules into this order; those not named come behind. RPC `order_rules`.

    Answers all rules in their new order. Raises InvalidRequest for a rule there is not.
    """

    ids: tuple[int, ...] = Field(min_length=1, max_length=10_000)


class Firing(Part):
    """A rule that fired for a case. RPC `list_firings`, the newest first.

    `set_off_by` names the type of the event, empty for a date; `chain` the rules that led to
    it, oldest first. `changed` and `refused` are what cases made of it, `changed` None until
    that is known.
    `next_action_at` is when a person next did something on the case, `closed_at` when it was
    next closed.
    """

    firing_id: str
    rule_id: int
    rule_name: str = ""
    case_number: int
    at: datetime
    outcome: Literal["fired", "stopped"] = "fired"
    why: tuple[str, ...] = ()
    set_off_by: str = ""
    chain: tuple[str, ...] = ()
    changed: bool | None = None
    refused: tuple[str, ...] = ()
    next_action_at: datetime | None = None
    closed_at: datetime | None = None


class RuleFailure(Part):
    """A rule that broke on a case; it is tried again. RPC `list_failures`, the newest first."""

    rule_id: int
    case_number: int
    at: datetime
    error: str
    attempts: int = 1


class RuleSummary(Part):
    """What a rule has done in the last `days`. RPC `rule_summary`.

    `changed` fired and changed something, `refused` could not do all it should. Of the cases
    it fired for: `acted` were taken up by a person afterwards, after `median_seconds_to_action`;
    `closed` have been closed since, after `median_seconds_to_close`. `waiting` is for how many
    cases a timed rule waits now.
    """

    rule_id: int
    days: int
    fired: int = 0
    stopped: int = 0
    failed: int = 0
    changed: int = 0
    refused: int = 0
    acted: int = 0
    closed: int = 0
    median_seconds_to_action: float | None = None
    median_seconds_to_close: float | None = None
    last_fired_at: datetime | None = None
    waiting: int = 0


class TryRule(Part):
    """A rehearsal (A9). RPC `try_rule`; nothing is saved and nothing is done.

    The rule `id` with these `fields` over its own, or a new one; `days` back from now.
    """

    id: int | None = None
    fields: dict[str, Any] = Field(default_factory=dict)
    days: int = Field(default=30, ge=1, le=365)
    limit: int = Field(default=200, ge=1, le=1000)


class WouldFire(Part):
    """One time the rule would have fired: what of the case it would have changed, and why."""

    case_number: int
    subject: str
    at: datetime
    why: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


class Rehearsal(Part):
    """What `try_rule` answers: `count` firings on `cases` cases, the latest `items` of them.

    `known_since` is the oldest event there is to rehearse with, where that is later than
    asked. `judged_cases` had an event in that time or waited for a date in it.
    """

    count: int
    cases: int
    judged_cases: int
    since: datetime
    until: datetime
    known_since: datetime | None = None
    items: tuple[WouldFire, ...] = ()


class WorkingCalendar(Part):
    """When people work (A2): for each weekday from Monday the spans of working hours.

    `hours` has seven entries, each a tuple of ("09:00", "17:30") in `time_zone`; "24:00" is
    the end of the day. Public holidays of `country` ("DE") and `subdivision` ("BY") are closed,
    and so are `closed_days`.
    """

    id: int
    name: str = Field(min_length=1, max_length=200)
    time_zone: str = "UTC"
    hours: tuple[tuple[tuple[str, str], ...], ...] = (*((("09:00", "17:00"),),) * 5, (), ())
    country: str | None = None
    subdivision: str | None = None
    closed_days: tuple[date, ...] = ()
    active: bool = True
    version: int = 1


class SaveCalendar(Command):
    """Adds a working calendar, or changes one. RPC `save_calendar`.

    Rules that count on it are armed anew. `list_calendars`, `get_calendar` read them;
    `list_holidays(country, subdivision, year)` answers `[{"day", "name"}]`, `list_countries`
    answers `[{"code", "name", "subdivisions": [...]}]`.
    """

    id: int | None = None
    version: int | None = None
    fields: dict[str, Any]


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
