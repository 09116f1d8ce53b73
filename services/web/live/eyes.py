"""What the user of a stream may see, found once and asked for each event (O3)."""

from __future__ import annotations

from dataclasses import dataclass

from services.contracts.cases import CaseSnapshot
from services.contracts.directory import User
from services.contracts.sight import is_restricted, sections_of, sees
from services.web.clients.directory import DirectoryClient


@dataclass(frozen=True)
class Eyes:
    """A user, with the sections that he sees if he does not see all."""

    user: User
    sections: frozenset[int] = frozenset()

    def see(self, case: CaseSnapshot) -> bool:
        """Whether he may see this case."""
        return sees(self.user, self.sections, case)


def eyes_of(user: User, directory: DirectoryClient) -> Eyes:
    """What this user may see as things stand. Raises ServiceAway."""
    if not is_restricted(user):
        return Eyes(user)
    return Eyes(user, frozenset(sections_of(user, directory.sections())))
