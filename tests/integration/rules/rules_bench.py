"""A rules service without broker: its doors, and what it has written to its outbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from services.contracts.envelope import Envelope
from services.contracts.errors import NotFound, ServiceAway
from services.contracts.messages import read_message
from services.contracts.rules import Rehearsal, RuleFired, RuleStopped
from services.messaging.transaction import Failure, Transactions
from services.rules import failures, firings, queries, tables
from services.rules.actions.save_rule import save_rule
from services.rules.actions.sweep import sweep
from services.rules.actions.take_in import take_in
from services.rules.actions.try_rule import try_rule
from services.rules.bookshelf import Bookshelf
from services.rules.case_directory import CaseDirectory
from services.rules.firings import Question
from services.runtime.database import Database
from services.runtime.identity import new_id
from services.runtime.migration import migrate_database

USER = {"login": "demo", "version": 1}


class Cases:
    """The cases service as far as rules ask it; `away` while it does not answer."""

    def __init__(self) -> None:
        self.away = False
        self.lists: dict[str, list[dict[str, Any]]] = {
            "list_users": [{"id": 2, "name": "Demo User", **USER}],
            "list_sections": [{"id": 1, "name": "Support"}],
            "list_kinds": [
                {"code": "helpdesk", "name": "Helpdesk request"},
                {"code": "claim", "name": "Claim"},
                {"code": "quality", "name": "Quality problem"},
                {"code": "leave", "name": "Leave", "active": False},
            ],
            "list_categories": [{"id": 7, "name": "Print", "path": "Fault / Print"}],
            "list_partner_categories": [
                {"id": 10, "name": "Support Contract", "path": "Support Contract"},
                {"id": 11, "name": "Gold", "path": "Support Contract / Gold"},
            ],
        }

    def ask(self, method: str, **given: Any) -> Any:
        if self.away:
            raise ServiceAway("cases", 3)
        if method in self.lists:
            return self.lists[method]
        found = self.lists.get(method.replace("get_", "list_") + "s", [])
        for entry in found:
            if entry["id"] == given["id"]:
                return {"version": 1, "active": True, **entry}
        raise NotFound(method.removeprefix("get_"), given["id"])


class Bench:
    """One process of the service; a second on the same database is another process."""

    def __init__(self, database: Database) -> None:
        self.transactions = Transactions(database, tables.outbox, tables.inbox)
        self.bookshelf = Bookshelf()
        self.cases = Cases()
        self.directory = CaseDirectory(self.cases.ask)
        self._read = 0

    def save(self, fields: dict[str, Any], **more: Any) -> dict[str, Any]:
        command = {"idempotency_key": new_id(), "fields": fields, **more}
        return save_rule(self.transactions, self.directory, command)

    def take_in(self, *messages: Envelope) -> list[Failure]:
        return take_in(self.transactions, self.bookshelf, messages)

    def try_rule(self, **question: Any) -> Rehearsal:
        return try_rule(self.transactions, self.directory, question)

    def sweep(self) -> int:
        return sweep(self.transactions, self.bookshelf)

    def published(self) -> Sequence[Envelope]:
        """What was published since this was asked before."""
        with self.transactions.database.read() as connection:
            rows = self.transactions.outbox.log(connection, self._read, 10_000)
        self._read = rows[-1].position if rows else self._read
        return [read_message(row.type, row.body) for row in rows]

    def fired(self) -> list[tuple[str, int]]:
        """The rules that fired since this was asked before, each with its case."""
        messages = self.published()
        assert all(isinstance(one, RuleFired | RuleStopped) for one in messages)
        return [(m.data.rule_name, m.case_id) for m in messages if isinstance(m, RuleFired)]

    def waiting(self) -> int:
        """How many due times there are."""
        with self.transactions.database.read() as connection:
            question = select(func.count()).select_from(tables.due_times)
            return int(connection.scalar(question) or 0)

    def rule(self, name: str) -> Any:
        with self.transactions.database.read() as connection:
            return queries.rule_called(connection, name)

    def failures(self, rule_id: int | None = None) -> list[Any]:
        with self.transactions.database.read() as connection:
            return failures.list_failures(connection, rule_id, 100)

    def firings(self, **of: Any) -> list[Any]:
        with self.transactions.database.read() as connection:
            return firings.list_firings(connection, Question(**of))


def bench(database: Database) -> Bench:
    """A service on an empty database."""
    migrate_database(database, "rules")
    return Bench(database)
