"""What led to an entry of a case's history: the rule, what held, and what set it off."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from services.contracts.case_commands import HistoryEntry
from services.contracts.envelope import Link
from services.web.pages.reason_words import not_done_words, reason_words
from services.web.pages.words import EVENTS
from services.web.translation import gettext

NOT_DONE = "; not done: "  # as the cases service writes it


def because_words(entry: HistoryEntry) -> tuple[str, str]:
    """What a rule's reason says beside its name: the criteria that held, and what was not done."""
    reason, _, not_done = entry.reason.partition(NOT_DONE)
    own = f"rule “{entry.actor_name}”"
    because = reason.removeprefix(own).removeprefix("; ").strip()
    return reason_words(because), not_done_words(not_done)


def origin_of(cause: Iterable[Link]) -> Link | None:
    """The event that set off the first rule of the chain; None when only time had passed."""
    before = takewhile(lambda link: link.kind != "rule", cause)
    return next(reversed(list(before)), None)


def origin_words(origin: Link | None) -> str:
    """What that event was, as the history tells it."""
    if origin is None:
        return gettext("the time that passed")
    return EVENTS.get(origin.name) or gettext("an event")


def rule_id(rule: Link) -> int | None:
    """The id of the rule, where the link has one."""
    return int(rule.id) if rule.id.isdigit() else None


def rules_of(cause: Iterable[Link]) -> list[Link]:
    """The rules of a chain of causes, in the order they fired."""
    return [link for link in cause if link.kind == "rule"]
