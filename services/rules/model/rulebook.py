"""The rules in the order of judging, made ready to judge with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from services.contracts.cases import CaseSnapshot
from services.contracts.rules import Rule
from services.rules.model.criteria import Criterion, Names, criteria_of
from services.rules.model.schedule import is_timed
from services.rules.model.working_time import WorkingTime, WorkingTimes

NONE: WorkingTimes = MappingProxyType({})


@dataclass(frozen=True)
class ReadyRule:
    """A rule with its criteria on the case, and the fields whose change can make them true.

    `calendars` are all there are, to count with.
    """

    rule: Rule
    criteria: tuple[Criterion, ...]
    fields: frozenset[str]
    calendars: WorkingTimes = field(default_factory=dict)

    @property
    def working(self) -> WorkingTime | None:
        """What the trigger counts on, where it names a calendar."""
        id = self.rule.trigger.calendar_id
        return None if id is None else self.calendars[id]

    def holds(self, case: CaseSnapshot) -> bool:
        """Whether all criteria on the case hold; its states are judged apart."""
        return all(criterion.holds(case) for criterion in self.criteria)

    def words(self, case: CaseSnapshot, names: Names) -> tuple[str, ...]:
        """What holds, one sentence a criterion."""
        return tuple(criterion.words(case, names) for criterion in self.criteria)


@dataclass(frozen=True)
class RuleBook:
    """All active rules as of one revision, by order and id.

    `names` are for the sentences, `calendars` to count with.
    """

    revision: int
    immediate: tuple[ReadyRule, ...]
    timed: tuple[ReadyRule, ...]
    names: Names
    calendars: WorkingTimes = field(default_factory=dict)

    def timed_rule(self, id: int) -> ReadyRule | None:
        """The timed rule with this id, when it is active."""
        return next((ready for ready in self.timed if ready.rule.id == id), None)


def ready(rule: Rule, calendars: WorkingTimes = NONE) -> ReadyRule:
    """The rule, ready to judge with."""
    criteria = criteria_of(rule.criteria)
    fields = frozenset().union(*(one.fields for one in criteria))
    return ReadyRule(rule, criteria, fields, calendars)


def rulebook(
    revision: int, rules: Sequence[Rule], names: Names, calendars: WorkingTimes = NONE
) -> RuleBook:
    """The book of these rules; those switched off are left out."""
    active = sorted((rule for rule in rules if rule.active), key=lambda r: (r.order, r.id))
    return RuleBook(
        revision,
        tuple(ready(rule, calendars) for rule in active if not is_timed(rule)),
        tuple(ready(rule, calendars) for rule in active if is_timed(rule)),
        names,
        calendars,
    )
