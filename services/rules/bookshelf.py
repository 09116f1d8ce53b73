"""The rules as this process last read them, and read again once their revision has moved."""

from __future__ import annotations

import structlog
from pydantic import ValidationError
from sqlalchemy import Connection

from services.contracts.rules import Rule
from services.rules import metrics, queries, store
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
            book = rulebook(revision, _readable(connection), queries.names(connection))
            self._book = book
        return book


def _readable(connection: Connection) -> list[Rule]:
    """All rules but those that this release cannot read; the others must not wait for them."""
    found: list[Rule] = []
    for row in queries.rule_rows(connection):
        try:
            found.append(queries.read_rule(row))
        except ValidationError as error:
            metrics.FAILED.inc()
            log.error("rule cannot be read", rule=row["name"], error=str(error))
    return found
