"""A rule fires: that is written down, and cases is ordered to do what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.contracts.cases import CaseSnapshot
from services.contracts.envelope import Actor, Envelope, Link
from services.contracts.rules import (
    Action,
    Rule,
    RuleFired,
    RuleFiredData,
    RuleStopped,
    RuleStoppedData,
)
from services.messaging.transaction import Transaction
from services.rules import metrics, store
from services.rules.model.chain import rules_in, with_rule
from services.rules.store import FiringRow
from services.runtime.clock import now
from services.runtime.identity import new_id


@dataclass(frozen=True)
class Occasion:
    """A rule is to fire for a case, once for this `episode`; or is `stopped`, once as well.

    `actions` are the rule's, with the moments of the deadlines that it sets. `cause` is what
    led here, without the rule itself.
    """

    rule: Rule
    case: CaseSnapshot
    episode: str
    why: tuple[str, ...]
    actions: tuple[Action, ...]
    cause: tuple[Link, ...] = ()
    stopped: bool = False
    id: str = field(default_factory=new_id)


def fire(transaction: Transaction, occasions: Sequence[Occasion]) -> list[Occasion]:
    """Record and announce those that are no repetition; answers them."""
    rows = [_row(occasion) for occasion in occasions]
    first = store.record_firings(transaction.connection, rows)
    done = [occasion for occasion in occasions if occasion.id in first]
    for occasion in done:
        transaction.publish(_stopped(occasion) if occasion.stopped else _fired(occasion))
    return done


def count(done: Sequence[Occasion]) -> None:
    """Count what fired; call it behind the commit."""
    stopped = sum(occasion.stopped for occasion in done)
    metrics.STOPPED.inc(stopped)
    metrics.FIRED.inc(len(done) - stopped)


def _row(occasion: Occasion) -> FiringRow:
    return FiringRow(
        id=occasion.id,
        rule_id=occasion.rule.id,
        case_number=occasion.case.number,
        episode=occasion.episode,
        outcome="stopped" if occasion.stopped else "fired",
        at=now(),
        why=occasion.why,
        rule_name=occasion.rule.name,
        cause=occasion.cause,
    )


def _fired(occasion: Occasion) -> Envelope:
    rule = occasion.rule
    return RuleFired(
        id=new_id(),
        occurred_at=now(),
        case_id=occasion.case.number,
        actor=_actor(rule),
        cause=with_rule(occasion.cause, rule),
        data=RuleFiredData(
            rule_id=rule.id,
            rule_name=rule.name,
            firing_id=occasion.id,
            why=occasion.why,
            actions=occasion.actions,
            judged=occasion.case,
        ),
    )


def _stopped(occasion: Occasion) -> Envelope:
    rule, chain = occasion.rule, rules_in(occasion.cause)
    return RuleStopped(
        id=new_id(),
        occurred_at=now(),
        case_id=occasion.case.number,
        actor=_actor(rule),
        cause=occasion.cause,
        data=RuleStoppedData(
            rule_id=rule.id,
            rule_name=rule.name,
            depth=len(chain),
            chain=tuple(link.name for link in chain),
        ),
    )


def _actor(rule: Rule) -> Actor:
    return Actor(kind="rule", id=rule.id, name=rule.name)
