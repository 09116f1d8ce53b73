"""Who gives a command, for the history."""

from __future__ import annotations

from sqlalchemy import Connection

from services.cases import directory
from services.cases.actions.ledger import Origin
from services.contracts.directory import User
from services.contracts.envelope import SYSTEM, Actor, Command
from services.contracts.errors import InvalidRequest


def command_origin(connection: Connection, command: Command, reason: str = "") -> Origin:
    """The user that the caller vouches for, or the system itself when he names none.

    Raises InvalidRequest when there is no such user.
    """
    if command.actor_id is None:
        return Origin(SYSTEM, reason=reason)
    user = directory.find(connection, User, command.actor_id)
    if user is None:
        raise InvalidRequest("actor_id", f"there is no user with the number {command.actor_id}")
    return Origin(Actor(kind="user", id=user.id, name=user.name), reason=reason)
