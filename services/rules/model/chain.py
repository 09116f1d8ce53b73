"""The chain of rules that led to an event, and where it is cut (A4)."""

from __future__ import annotations

from collections.abc import Sequence

from services.contracts.envelope import Link
from services.contracts.rules import Rule, RuleStopped

# Rules that set each other off end here. The one place where the limit stands.
LONGEST_CHAIN = 8


def rules_in(cause: Sequence[Link]) -> tuple[Link, ...]:
    """The rules in a chain, the first to fire first."""
    return tuple(link for link in cause if link.kind == "rule")


def is_own_effect(rule: Rule, cause: Sequence[Link]) -> bool:
    """Whether it was this rule that made the event: the last rule of the chain."""
    rules = rules_in(cause)
    return bool(rules) and rules[-1].id == str(rule.id)


def is_too_long(cause: Sequence[Link]) -> bool:
    """Whether no further rule may join this chain."""
    return len(rules_in(cause)) >= LONGEST_CHAIN


def tells_of_a_stop(cause: Sequence[Link]) -> bool:
    """Whether the event only writes down that a chain was cut; such an event sets nothing off."""
    return any(link.kind == "event" and link.name == RuleStopped.TYPE for link in cause)


def with_rule(cause: Sequence[Link], rule: Rule) -> tuple[Link, ...]:
    """The chain that this rule's message carries."""
    return (*cause, Link(kind="rule", id=str(rule.id), name=rule.name))
