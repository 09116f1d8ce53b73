"""Which cases a user sees who `sees` only those of his own sections (O3)."""

from __future__ import annotations

from collections.abc import Container, Iterable

from services.contracts.cases import CaseSnapshot
from services.contracts.directory import Section, User


def is_restricted(user: User) -> bool:
    """Whether he is shown the cases of his own sections only; an administrator never is."""
    return user.sees == "sections" and user.role != "admin"


def sections_of(user: User, sections: Iterable[Section]) -> list[int]:
    """The sections that he is a member or manager of, with all below them."""
    every = list(sections)
    found = [s.id for s in every if s.manager_id == user.id or user.id in s.member_ids]
    for above in found:
        found += [s.id for s in every if s.parent_id == above and s.id not in found]
    return found


def sees(user: User, sections: Container[int], case: CaseSnapshot) -> bool:
    """Whether a user may see this case; `sections` are those that `sections_of` answers for him."""
    if not user.active:
        return False
    if not is_restricted(user):
        return True
    if case.responsible is not None and case.responsible.id == user.id:
        return True
    if case.section is not None and case.section.id in sections:
        return True
    address = (user.address or "").lower()
    return bool(address) and any(one.address.lower() == address for one in case.watchers)
