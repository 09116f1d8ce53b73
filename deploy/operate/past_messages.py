"""All that services published, from their outboxes, in the order of time."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, select

from deploy.operate.installation import SERVICES, database_of, table_of
from services.runtime.database import Database
from services.runtime.settings import Settings

PAGE = 1000


@dataclass(frozen=True)
class PastMessage:
    """A message that was published, and when it was written."""

    id: str
    type: str
    body: str
    at: datetime


def messages_between(
    stack: ExitStack,
    settings: Settings,
    types: Sequence[str],
    since: datetime,
    until: datetime,
) -> Iterator[PastMessage]:
    """Those of these types from `since` until before `until`; the databases close with the stack.

    What still waits for its relay is left out: it will come by itself. In one outbox the order is
    that of publication, among several that of the moments.
    """
    sources = []
    for service in SERVICES:
        table = table_of(service, "outbox")
        if table is not None:
            database = stack.enter_context(database_of(settings, service))
            sources.append(_of_one(database, table, types, since, until))
    return heapq.merge(*sources, key=lambda message: message.at)


def _of_one(
    database: Database, table: Table, types: Sequence[str], since: datetime, until: datetime
) -> Iterator[PastMessage]:
    question = (
        select(table.c.position, table.c.id, table.c.type, table.c.body, table.c.created_at)
        .where(table.c.type.in_(types), table.c.sent_at.is_not(None))
        .where(table.c.created_at >= since, table.c.created_at < until)
        .order_by(table.c.position)
        .limit(PAGE)
    )
    after = 0
    while True:
        with database.read() as connection:
            rows = list(connection.execute(question.where(table.c.position > after)))
        for _, *values in rows:
            yield PastMessage(*values)
        if len(rows) < PAGE:
            return
        after = rows[-1][0]
