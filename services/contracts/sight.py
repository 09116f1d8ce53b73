"""Which sections a user sees who `sees` only his own (O3)."""

from __future__ import annotations

from collections.abc import Iterable

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
