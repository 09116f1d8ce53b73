"""The rules in the order of judging, made ready to judge with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from services.contracts.cases import CaseData, CaseSnapshot
from services.contracts.rules import Rule
from services.rules.model.criteria import Criterion, Names, criteria_of
from services.rules.model.custom_fields import fields_changed
from services.rules.model.index import Index, Key, keys_asked, keys_of_case, most_telling
from services.rules.model.schedule import is_timed
from services.rules.model.transition import KnownCase, stays_in_state
from services.rules.model.working_time import WorkingTime, WorkingTimes

NONE: WorkingTimes = MappingProxyType({})
STAYS = "stays"  # beside the fields: whatever happens while the case stays in its state


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

    def for_event(self, data: CaseData) -> list[ReadyRule]:
        """The rules without a date that can be for such an event, in order."""
        keys = keys_of_case(data.case, data.state_before or "none")
        if data.state_before != data.case.state:
            return self._by_transition.under(keys)
        fields = {name for change in data.changes for name in fields_changed(change)}
        return self._by_change.under((at, *key) for at in (STAYS, *fields) for key in keys)

    def for_waiting(self, known: KnownCase) -> list[ReadyRule]:
        """The timed rules that the case can wait for, in order."""
        return self._by_wait.under(keys_of_case(known.case, known.came_from))

    def timed_rule(self, id: int) -> ReadyRule | None:
        """The timed rule with this id, when it is active."""
        return self._timed_by_id.get(id)

    @cached_property
    def _timed_by_id(self) -> dict[int, ReadyRule]:
        return {ready.rule.id: ready for ready in self.timed}

    @cached_property
    def _by_transition(self) -> Index[ReadyRule]:
        return Index(self.immediate, [[key] for key in self._immediate_keys])

    @cached_property
    def _by_change(self) -> Index[ReadyRule]:
        """Where the state stays: by each field whose change can make the rule true."""
        keys = zip(self.immediate, self._immediate_keys, strict=True)
        return Index(self.immediate, [[(at, *key) for at in _begins(one)] for one, key in keys])

    @cached_property
    def _immediate_keys(self) -> list[Key]:
        return _keys(self.immediate, waits=False)

    @cached_property
    def _by_wait(self) -> Index[ReadyRule]:
        return Index(self.timed, [[key] for key in _keys(self.timed, waits=True)])


def _keys(rules: Sequence[ReadyRule], *, waits: bool) -> list[Key]:
    return most_telling([keys_asked(one.rule.criteria, waits=waits) for one in rules])


def _begins(one: ReadyRule) -> Iterator[str]:
    yield from one.fields
    if stays_in_state(one.rule.criteria):
        yield STAYS


def ready(rule: Rule, calendars: WorkingTimes = NONE) -> ReadyRule:
    """The rule, ready to judge with."""
    criteria = criteria_of(rule.criteria)
    fields = frozenset().union(*(one.fields for one in criteria))
    return ReadyRule(rule, criteria, fields, calendars)


def book_of(
    revision: int, rules: Sequence[ReadyRule], names: Names, calendars: WorkingTimes = NONE
) -> RuleBook:
    """The book of these rules; those switched off are left out."""
    active = [one for one in rules if one.rule.active]
    active.sort(key=lambda one: (one.rule.order, one.rule.id))
    return RuleBook(
        revision,
        tuple(one for one in active if not is_timed(one.rule)),
        tuple(one for one in active if is_timed(one.rule)),
        names,
        calendars,
    )


def rulebook(
    revision: int, rules: Sequence[Rule], names: Names, calendars: WorkingTimes = NONE
) -> RuleBook:
    """The same of rules that are not ready yet."""
    return book_of(revision, [ready(rule, calendars) for rule in rules], names, calendars)
