"""The rules and calendars as this process last read them, until their revision has moved."""

from __future__ import annotations

import structlog
from sqlalchemy import Connection

from services.rules import calendars, metrics, queries, store
from services.rules.model.rulebook import RuleBook, rulebook

log = structlog.get_logger()


class Bookshelf:
    """Keeps one rule book; one for each process, for any number of threads."""

    def __init__(self) -> None:
        self._book: RuleBook | None = None

    def current(self, connection: Connection) -> RuleBook:
        """The book as of this transaction; no rule changes until it ends (on PostgreSQL)."""
        revision = store.hold_revision(connection)
        book = self._book
        if book is None or book.revision != revision:
            found, unreadable = queries.read_rules(connection)
            for name, why in unreadable.items():
                metrics.FAILED.inc()
                log.error("rule cannot be read", rule=name, error=why)
            times = calendars.working_times(connection)
            book = rulebook(revision, found, queries.names(connection), times)
            self._book = book
        return book
