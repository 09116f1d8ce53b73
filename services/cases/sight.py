"""Which cases a user may see (O3): the one place that knows it, for lists, cases and commands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, false, or_

from services.cases import directory
from services.cases.looking import look
from services.cases.tables import cases
from services.contracts.cases import CaseSnapshot
from services.contracts.directory import Section, User
from services.contracts.envelope import Command
from services.contracts.errors import NotFound
from services.contracts.sight import is_restricted, sections_of, sees

_NAMING_CASES = ("number", "into", "other")


def seen_by(connection: Connection, asker_id: int | None) -> ColumnElement[bool] | None:
    """What holds for the cases that lists show to this user; None: he sees all, as a service does.

    A case that he only watches is in no list; it opens by its number.
    """
    user = _restricted(connection, asker_id)
    if user is None:
        return None
    if not user.active:
        return false()
    mine = cases.c.responsible_id == user.id
    return or_(cases.c.section_id.in_(_sections(connection, user)), mine)


def may_see(connection: Connection, asker_id: int | None, case: CaseSnapshot) -> bool:
    """Whether this user may see this case."""
    user = _restricted(connection, asker_id)
    return user is None or sees(user, _sections(connection, user), case)


def seen_case(connection: Connection, asker_id: int | None, number: int) -> CaseSnapshot:
    """The case as it stands, only to look at. Raises NotFound, also for one that he may not see."""
    case = look(connection, number)
    if case is None or not may_see(connection, asker_id, case):
        raise NotFound("case", number)
    return case


def refuse_unseen(connection: Connection, command: Command) -> None:
    """Raises NotFound when the command names a case that whoever gives it may not see."""
    if _restricted(connection, command.actor_id) is None:
        return
    for number in _named(command):
        seen_case(connection, command.actor_id, number)


def _restricted(connection: Connection, asker_id: int | None) -> User | None:
    """The user, if he does not see everything. Raises NotFound for one that there is not."""
    if asker_id is None:
        return None
    user = directory.get(connection, User, asker_id)
    return user if is_restricted(user) else None


def _sections(connection: Connection, user: User) -> list[int]:
    return sections_of(user, directory.every(connection, Section))


def _named(command: Command) -> list[int]:
    given: list[Any] = [getattr(command, name, None) for name in _NAMING_CASES]
    given += getattr(command, "numbers", ())
    return [one for one in given if one is not None]
