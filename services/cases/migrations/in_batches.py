"""Walking through all cases that are there already, without holding all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, FromClause, bindparam, select

BATCH = 1000


def in_batches(connection: Connection, cases: FromClause, *columns: str) -> Iterator[Sequence[Any]]:
    """Rows with the number and these columns of every case, in the order of the numbers."""
    number = cases.c.number
    some = (
        select(number, *(cases.c[name] for name in columns))
        .where(number > bindparam("last"))
        .order_by(number)
        .limit(BATCH)
    )
    last = 0
    while batch := connection.execute(some, {"last": last}).all():
        yield batch
        last = batch[-1].number
