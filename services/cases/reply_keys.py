"""All SQL about the keys that sign the addresses answers go to."""

from __future__ import annotations

import secrets
from contextlib import suppress

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from services.cases.tables import reply_keys
from services.runtime.clock import now

KEY_BYTES = 32
_ALL = select(reply_keys.c.key).order_by(reply_keys.c.id.desc())


def all_keys(connection: Connection) -> list[str]:
    """Every key in hexadecimal digits, the newest first: that one signs, all of them verify."""
    return list(connection.scalars(_ALL))


def signing_key(connection: Connection) -> str:
    """The newest key; the first is made when somebody asks for it."""
    keys = all_keys(connection)
    return keys[0] if keys else _add(connection, 1)


def new_key(connection: Connection) -> None:
    """From now on another key signs; addresses signed with the older ones go on working."""
    last = connection.scalar(select(func.max(reply_keys.c.id))) or 0
    _add(connection, last + 1)


def _add(connection: Connection, id: int) -> str:
    """The newest key behind it: ours, or that of another process that was quicker."""
    row = {"id": id, "key": secrets.token_hex(KEY_BYTES), "made_at": now()}
    # A clash means that the other has committed: its key is there to be read.
    with suppress(IntegrityError), connection.begin_nested():
        connection.execute(insert(reply_keys), row)
    return all_keys(connection)[0]
