"""One commit for what a message did: its inbox mark, the new state and the outbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table

from services.contracts.envelope import Envelope
from services.messaging.inbox import Inbox
from services.messaging.message_log import log_message
from services.messaging.open_spans import note_beginnings
from services.messaging.outbox import Outbox
from services.runtime.clock import now
from services.runtime.database import Database


@dataclass(frozen=True)
class Failure:
    """A message whose handler failed, and why."""

    message: Envelope
    error: Exception


Late = Callable[[Connection, Sequence[Any]], None]


class Transaction:
    """What an action works with: a connection, and `publish` for the messages it causes."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._rows: list[dict[str, Any]] = []
        self._beginnings: list[Envelope] = []
        self._appended: list[tuple[Table, dict[str, Any]]] = []
        self._late: list[tuple[Late, Any]] = []

    def append(self, table: Table, row: dict[str, Any]) -> None:
        """Insert this row at the end, with the others of its table in one statement.

        For what nothing reads before the commit, such as a history.
        """
        self._appended.append((table, row))

    def at_end(self, act: Late, item: Any) -> None:
        """Call `act` once at the end, with this item and all others given for it, in order.

        For what is worth writing once however often it changes, such as a search document.
        """
        self._late.append((act, item))

    def publish(self, message: Envelope) -> None:
        """Send this message if, and only if, the transaction commits."""
        if not message.cause:
            self._beginnings.append(message)
        self._rows.append(
            {
                "id": message.id,
                "type": message.type,
                "body": message.model_dump_json(),
                "created_at": now(),
            }
        )

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what was written and published inside when an error leaves it."""
        published, appended, late = len(self._rows), len(self._appended), len(self._late)
        beginnings = len(self._beginnings)
        try:
            with self.connection.begin_nested():
                yield
        except BaseException:
            del self._rows[published:]
            del self._beginnings[beginnings:]
            del self._appended[appended:]
            del self._late[late:]
            raise

    def trace_beginnings(self) -> None:
        """Link each chain of messages that begins here with the call that is carried out."""
        note_beginnings(self._beginnings)

    def log_beginnings(self) -> None:
        """Tell of each chain of messages that begins here: logs are followed from there."""
        for message in self._beginnings:
            log_message("begun", message)

    def flush(self, outbox: Outbox) -> bool:
        """Do what was left for the end, and write what was appended and published.

        Tells whether there were any messages for the outbox.
        """
        by_act: dict[Late, list[Any]] = {}
        for act, item in self._late:
            by_act.setdefault(act, []).append(item)
        for act, items in by_act.items():
            act(self.connection, items)
        by_table: dict[Table, list[dict[str, Any]]] = {}
        for table, row in self._appended:
            by_table.setdefault(table, []).append(row)
        for table, rows in by_table.items():
            self.connection.execute(table.insert(), rows)
        if self._rows:
            outbox.add(self.connection, self._rows)
        return bool(self._rows)


Handler = Callable[[Transaction, Envelope], None]


class Transactions:
    """Opens transactions on a service's database and wakes its relay behind each."""

    def __init__(
        self,
        database: Database,
        outbox: Table,
        inbox: Table,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self.database = database
        self.outbox = Outbox(outbox)
        self.inbox = Inbox(inbox)
        self.wake = wake

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """A transaction; at its end state and outbox are committed together."""
        with self.database.write() as connection:
            transaction = Transaction(connection)
            yield transaction
            published = transaction.flush(self.outbox)
        transaction.trace_beginnings()  # before the relay looks for them
        if published:
            self.wake()
        transaction.log_beginnings()

    def take_effect(self, messages: Sequence[Envelope], handle: Handler) -> list[Failure]:
        """Handle a batch in one commit; each message takes effect once, or is in the answer.

        A failing message is undone alone. A failing commit raises, and nothing has happened.
        When one fails, all are handled once more: what `handle` does outside the transaction
        would happen twice.
        """
        try:
            self._take_all(messages, handle)
        except Exception:  # noqa: BLE001  found again, and handed to the retry, in the second go
            return self.take_each(messages, handle)
        return []

    def _take_all(self, messages: Sequence[Envelope], handle: Handler) -> None:
        """The usual case, that none fails: it does without a savepoint for each message."""
        with self.begin() as transaction:
            fresh = self._fresh(transaction, messages)
            for message in fresh:
                handle(transaction, message)
            if fresh:
                self.inbox.mark(transaction.connection, [message.id for message in fresh])

    def take_each(self, messages: Sequence[Envelope], handle: Handler) -> list[Failure]:
        """The same with a savepoint for each message: slower, and each is handled once."""
        failures: list[Failure] = []
        with self.begin() as transaction:
            taken: list[str] = []
            for message in self._fresh(transaction, messages):
                try:
                    with transaction.savepoint():
                        handle(transaction, message)
                except Exception as error:  # noqa: BLE001  handed to the retry, which records it
                    failures.append(Failure(message, error))
                else:
                    taken.append(message.id)
            if taken:
                self.inbox.mark(transaction.connection, taken)
        return failures

    def _fresh(self, transaction: Transaction, messages: Sequence[Envelope]) -> list[Envelope]:
        """Those that have not taken effect yet, each once."""
        known = self.inbox.known(transaction.connection, [message.id for message in messages])
        by_id = {message.id: message for message in messages if message.id not in known}
        return list(by_id.values())
