"""Whose voice a mail has on a case: the table of docs/decisions/0003, as code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.contracts.cases import CaseSnapshot

Role = Literal["responsible", "staff", "partner", "watcher", "stranger"]


@dataclass(frozen=True)
class Standing:
    """What the sender of a mail is to a case, and whether he proved to have had our mail."""

    role: Role
    verified: bool

    @property
    def is_staff(self) -> bool:
        """Somebody who answers for us, not to us."""
        return self.role in ("responsible", "staff")


def role_of(
    address: str,
    case: CaseSnapshot,
    responsible_address: str | None,
    staff_addresses: frozenset[str],
) -> Role:
    """What an address is to a case; addresses are compared in lower case."""
    address = address.lower()
    if responsible_address and address == responsible_address.lower():
        return "responsible"
    for watcher in case.watchers:
        if watcher.address.lower() == address:
            return "staff" if watcher.side == "staff" else _partner_or_watcher(address, case)
    if case.contact and case.contact.address.lower() == address:
        return "partner"
    return "staff" if address in staff_addresses else "stranger"


def _partner_or_watcher(address: str, case: CaseSnapshot) -> Role:
    same = case.contact is not None and case.contact.address.lower() == address
    return "partner" if same else "watcher"
