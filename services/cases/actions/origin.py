"""What stands behind a change of a case, and the section it is in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.cases import directory
from services.contracts.cases import CaseSnapshot
from services.contracts.directory import Section
from services.contracts.envelope import SYSTEM, Actor, Link
from services.messaging.transaction import Transaction
from services.runtime.clock import now


@dataclass(frozen=True)
class Origin:
    """Who does it, what led to it, and why, in words for the history."""

    actor: Actor = SYSTEM
    cause: tuple[Link, ...] = ()
    reason: str = ""
    at: datetime = field(default_factory=now)

    @property
    def is_rule(self) -> bool:
        """Rules do not move the date of last action: they would set themselves off again."""
        return self.actor.kind in ("rule", "system")


def section_of(transaction: Transaction, case: CaseSnapshot) -> Section | None:
    """The section the case is in, with its settings."""
    return directory.find(
        transaction.connection, Section, case.section.id if case.section else None
    )
