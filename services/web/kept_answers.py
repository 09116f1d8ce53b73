"""What unsafe requests of the API were answered, so that the same again is answered the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from services.web.tables import kept_answers

KEPT = timedelta(days=2)
# Behind this nobody works on it any more: the process that did has ended before its end.
IN_WORK = timedelta(minutes=2)


@dataclass(frozen=True)
class Kept:
    """One request: what marks its content, and its locked answer, None while it is in work."""

    content_mark: str
    begun_at: datetime
    answer: str | None


def begin(connection: Connection, key: str, content_mark: str, at: datetime) -> Kept | None:
    """Note that this request is in work; None when it is new, else what is kept of it.

    One that has been in work for too long is begun anew.
    """
    t = kept_answers
    connection.execute(delete(t).where(t.c.begun_at < at - KEPT))
    try:
        with connection.begin_nested():
            connection.execute(insert(t).values(key=key, content_mark=content_mark, begun_at=at))
    except IntegrityError:
        return _found_or_taken_over(connection, key, content_mark, at)
    return None


def _found_or_taken_over(
    connection: Connection, key: str, content_mark: str, at: datetime
) -> Kept | None:
    t = kept_answers
    row = connection.execute(select(t).where(t.c.key == key)).first()
    if row is None:  # it came to nothing just now
        return begin(connection, key, content_mark, at)
    kept = Kept(row.content_mark, row.begun_at, row.answer)
    if kept.answer is not None or at - kept.begun_at < IN_WORK or kept.content_mark != content_mark:
        return kept
    still = (t.c.key == key) & (t.c.begun_at == kept.begun_at) & t.c.answer.is_(None)
    taken = connection.execute(update(t).where(still).values(begun_at=at))
    return None if taken.rowcount else kept


def keep(connection: Connection, key: str, begun_at: datetime, answer: str) -> None:
    """Keep the answer, already locked, of the request that was begun then."""
    t = kept_answers
    mine = (t.c.key == key) & (t.c.begun_at == begun_at)
    connection.execute(update(t).where(mine).values(answer=answer))


def forget(connection: Connection, key: str, begun_at: datetime) -> None:
    """A request that came to nothing may be sent again."""
    t = kept_answers
    connection.execute(delete(t).where((t.c.key == key) & (t.c.begun_at == begun_at)))
