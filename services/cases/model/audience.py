"""Who gets a mail of the discussion: one group on the partner's side, one on ours."""

from __future__ import annotations

from dataclasses import dataclass

from services.contracts.cases import CaseSnapshot
from services.contracts.mail import Address


@dataclass(frozen=True)
class Audience:
    """The recipients on the partner's side (contact first) and on ours (responsible first)."""

    partner_side: tuple[Address, ...]
    staff_side: tuple[Address, ...]


def audience_of(
    case: CaseSnapshot, responsible: Address | None, but: frozenset[str] = frozenset()
) -> Audience:
    """Everybody on the case, each once, but those addresses (lower case)."""
    taken = set(but)
    staff = _fresh([responsible] if responsible else [], taken)
    staff += _fresh([_address(w) for w in case.watchers if w.side == "staff"], taken)
    contact = [_address(case.contact)] if case.contact else []
    partner = _fresh(contact, taken)
    partner += _fresh([_address(w) for w in case.watchers if w.side == "partner"], taken)
    return Audience(tuple(partner), tuple(staff))


def _address(who: object) -> Address:
    return Address.model_validate(who, from_attributes=True)


def _fresh(found: list[Address], taken: set[str]) -> list[Address]:
    fresh = []
    for one in found:
        if one.address.lower() not in taken:
            taken.add(one.address.lower())
            fresh.append(one)
    return fresh
