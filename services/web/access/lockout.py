"""Failed tries, and how long the next one has to wait; kept in the database (O3).

The policy, and why nobody can lock another out with it, stands in
docs/decisions/0011-the-desk.md.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from services.web.tables import failed_tries

FREE_TRIES = 5
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
COUNTED_FOR = timedelta(days=1)
# So many from elsewhere, and each address has one try for this name before its first pause.
MANY_FROM_ELSEWHERE = 20

PASSWORD = "password"
CODE = "code"
EVERYWHERE = ""

t = failed_tries


def name_key(name: str) -> str:
    """What tries for a name are counted under."""
    return name.strip().casefold()[:100]


def blocked_until(
    connection: Connection, what: str, name: str, address: str, at: datetime
) -> datetime | None:
    """Until when no try is taken; None when one may be made."""
    until = connection.scalar(select(t.c.blocked_until).where(_row(what, name, address)))
    return until if until is not None and until > at else None


def note_failure(
    connection: Connection, what: str, name: str, address: str, at: datetime
) -> datetime | None:
    """Count a failed try; answers until when the next one has to wait, None for not at all."""
    count = _count(connection, what, name, address, at)
    elsewhere = _from_elsewhere(connection, what, name, address, at)
    free = 1 if elsewhere >= MANY_FROM_ELSEWHERE else FREE_TRIES
    if count < free:
        return None
    until = at + pause_after(count - free)
    connection.execute(update(t).where(_row(what, name, address)).values(blocked_until=until))
    return until


def pause_after(more: int) -> timedelta:
    """The pause behind so many failed tries beyond the first that had one."""
    return min(FIRST_PAUSE * (1 << min(more, 10)), LONGEST_PAUSE)


def clear(connection: Connection, what: str, name: str, address: str | None = None) -> None:
    """Forget the failed tries for a name: from one address, or from all."""
    which = (t.c.what == what) & (t.c.name == name)
    if address is not None:
        which &= t.c.address == address
    connection.execute(delete(t).where(which))


def unlock(connection: Connection, login: str, user_id: int) -> None:
    """Forget all failed tries for a user: his password's and his codes'."""
    clear(connection, PASSWORD, name_key(login))
    clear(connection, CODE, str(user_id))


def blocks_of(connection: Connection, what: str, name: str, at: datetime) -> dict[str, datetime]:
    """The addresses from which no try is taken for this name now, and until when."""
    rows = connection.execute(
        select(t.c.address, t.c.blocked_until).where(
            t.c.what == what, t.c.name == name, t.c.blocked_until > at
        )
    )
    return {row.address: row.blocked_until for row in rows}


def forget_old(connection: Connection, at: datetime) -> None:
    """Delete what counts no longer."""
    connection.execute(delete(t).where(t.c.last_at <= at - COUNTED_FOR))


def _row(what: str, name: str, address: str) -> ColumnElement[bool]:
    return (t.c.what == what) & (t.c.name == name) & (t.c.address == address)


def _count(connection: Connection, what: str, name: str, address: str, at: datetime) -> int:
    """Count one more, whatever another process counts at the same time; how many there are."""
    if not _add_one(connection, what, name, address, at):
        try:
            with connection.begin_nested():
                connection.execute(
                    insert(t).values(what=what, name=name, address=address, count=1, last_at=at)
                )
        except IntegrityError:  # another process was first
            _add_one(connection, what, name, address, at)
    count = connection.scalar(select(t.c.count).where(_row(what, name, address)))
    assert count is not None
    return int(count)


def _add_one(connection: Connection, what: str, name: str, address: str, at: datetime) -> bool:
    row = _row(what, name, address)
    connection.execute(
        update(t).where(row, t.c.last_at <= at - COUNTED_FOR).values(count=0, blocked_until=None)
    )
    return (
        connection.execute(update(t).where(row).values(count=t.c.count + 1, last_at=at)).rowcount
        == 1
    )


def _from_elsewhere(
    connection: Connection, what: str, name: str, address: str, at: datetime
) -> int:
    question = select(func.coalesce(func.sum(t.c.count), 0)).where(
        t.c.what == what,
        t.c.name == name,
        t.c.address != address,
        t.c.last_at > at - COUNTED_FOR,
    )
    return int(connection.scalar(question) or 0)
