"""Which events of a case have been counted, so that none counts twice however late it comes.

The versions of a case's events have no gap in the end: all up to one, and the few beyond it that
came before others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Counted:
    """All versions up to `upto`, and those `beyond` it."""

    upto: int = 0
    beyond: frozenset[int] = frozenset()

    def __contains__(self, version: int) -> bool:
        return version <= self.upto or version in self.beyond

    def __len__(self) -> int:
        return self.upto + len(self.beyond)

    def and_(self, versions: Iterable[int]) -> Counted:
        """With these as well."""
        upto, beyond = self.upto, {*self.beyond, *versions}
        while upto + 1 in beyond:
            upto += 1
        return Counted(upto, frozenset(one for one in beyond if one > upto))
