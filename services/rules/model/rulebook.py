"""The rules in the order of judging, made ready to judge with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.contracts.cases import CaseSnapshot
from services.contracts.rules import Rule
from services.rules.model.criteria import Criterion, Names, criteria_of
from services.rules.model.schedule import is_timed


@dataclass(frozen=True)
class ReadyRule:
    """A rule with its criteria on the case, and the fields whose change can make them true."""

    rule: Rule
    criteria: tuple[Criterion, ...]
    fields: frozenset[str]

    def holds(self, case: CaseSnapshot) -> bool:
        """Whether all criteria on the case hold; its states are judged apart."""
        return all(criterion.holds(case) for criterion in self.criteria)

    def words(self, case: CaseSnapshot, names: Names) -> tuple[str, ...]:
        """What holds, one sentence a criterion."""
        return tuple(criterion.words(case, names) for criterion in self.criteria)


@dataclass(frozen=True)
class RuleBook:
    """All active rules as of one revision, by order and id; `names` are for the sentences."""

    revision: int
    immediate: tuple[ReadyRule, ...]
    timed: tuple[ReadyRule, ...]
    names: Names

    def timed_rule(self, id: int) -> ReadyRule | None:
        """The timed rule with this id, when it is active."""
        return next((ready for ready in self.timed if ready.rule.id == id), None)


def ready(rule: Rule) -> ReadyRule:
    """The rule, ready to judge with."""
    criteria = criteria_of(rule.criteria)
    return ReadyRule(rule, criteria, frozenset().union(*(one.fields for one in criteria)))


def rulebook(revision: int, rules: Sequence[Rule], names: Names) -> RuleBook:
    """The book of these rules; those switched off are left out."""
    active = sorted((rule for rule in rules if rule.active), key=lambda r: (r.order, r.id))
    return RuleBook(
        revision,
        tuple(ready(rule) for rule in active if not is_timed(rule)),
        tuple(ready(rule) for rule in active if is_timed(rule)),
        names,
    )
