"""The rules and calendars as this process last read them, until their revision has moved."""

from __future__ import annotations

import structlog
from sqlalchemy import Connection

from services.contracts.rules import Rule
from services.rules import calendars, metrics, queries, store
from services.rules.model.rulebook import ReadyRule, RuleBook, book_of, ready
from services.rules.model.working_time import WorkingTimes

MOST_ASKED_FOR = 500  # rules by their ids; beyond, all are read
log = structlog.get_logger()


class Bookshelf:
    """Keeps one rule book; one for each process, for any number of threads.

    Among thousands of rules only those that changed are read and made ready anew.
    """

    def __init__(self) -> None:
        self._book: RuleBook | None = None
        self._ready: dict[tuple[int, int], ReadyRule] = {}  # by the rule's id and version

    def current(self, connection: Connection) -> RuleBook:
        """The book as of this transaction; no rule changes until it ends (on PostgreSQL)."""
        revision = store.hold_revision(connection)
        book = self._book
        if book is None or book.revision != revision:
            times = calendars.working_times(connection)
            known = self._ready if book is not None and book.calendars == times else {}
            made = _made_ready(connection, known, times)
            book = book_of(revision, list(made.values()), queries.names(connection), times)
            self._book, self._ready = book, made
        return book


def _made_ready(
    connection: Connection, known: dict[tuple[int, int], ReadyRule], times: WorkingTimes
) -> dict[tuple[int, int], ReadyRule]:
    there = queries.rule_versions(connection)
    fresh = [ready(rule, times) for rule in _read(connection, there - known.keys())]
    kept = {key: one for key, one in known.items() if key in there}
    return kept | {(one.rule.id, one.rule.version): one for one in fresh}


def _read(connection: Connection, keys: set[tuple[int, int]]) -> list[Rule]:
    ids = [id for id, _ in keys]
    found, unreadable = queries.read_rules(connection, ids if len(ids) <= MOST_ASKED_FOR else None)
    for name, why in unreadable.items():
        metrics.FAILED.inc()
        log.error("rule cannot be read", rule=name, error=why)
    return found
