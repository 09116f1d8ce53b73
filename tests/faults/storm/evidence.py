"""What the checks look at: the services' databases, the journal, what the broker holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from faults.storm.journal import Journal
from faults.storm.plan import SERVICES
from kombu.connection import Connection
from sqlalchemy import Select, Table, select
from support.plain_report import History, histories_of

from services.cases.tables import history
from services.cases.tables import outbox as cases_outbox
from services.contracts.cases import CaseEvent
from services.contracts.messages import read_message
from services.contracts.routes import ROUTES
from services.messaging import topology
from services.runtime.database import Database

if TYPE_CHECKING:
    from faults.storm.site import Site

PORTION = 500


@dataclass(frozen=True)
class Held:
    """A message that the broker still holds, and in which queue."""

    queue: str
    id: str
    type: str


@dataclass
class Evidence:
    """A storm that has come to rest; nothing runs any more but the databases.

    `until` is how far the clock of the rules service had come: what was due by then has fired.
    """

    databases: dict[str, Database]
    journal: Journal
    held: Sequence[Held] = ()
    until: datetime = field(default=datetime.max)

    @classmethod
    def of_files(cls, home: Path, journal: Journal, **more: Any) -> Evidence:
        """That of services on SQLite, from the files of their databases."""
        databases = {name: Database(f"sqlite:///{home / name}.sqlite3") for name in SERVICES}
        return cls(databases, journal, **more)

    def close(self) -> None:
        """Close the databases."""
        for database in self.databases.values():
            database.close()

    def rows(self, service: str, question: Select[Any]) -> Iterator[Any]:
        """The answer to a question to the database of a service, a portion at a time."""
        with self.databases[service].read() as connection:
            streamed = connection.execution_options(yield_per=PORTION)
            yield from streamed.execute(question)

    def messages(self, service: str, outbox: Table, *types: str) -> Iterator[Any]:
        """What a service has told, in its order; of these types alone, where any is given."""
        question = select(outbox).order_by(outbox.c.position)
        if types:
            question = question.where(outbox.c.type.in_(types))
        return self.rows(service, question)

    def case_events(self) -> Iterator[tuple[int, list[CaseEvent]]]:
        """The events of each case by their versions, as its history names them."""
        joined = history.outerjoin(cases_outbox, cases_outbox.c.id == history.c.event_id)
        question = select(history.c.case_number, cases_outbox.c.type, cases_outbox.c.body)
        question = question.select_from(joined).order_by(history.c.case_number, history.c.version)
        for number, rows in groupby(self.rows("cases", question), key=lambda row: row.case_number):
            read = [read_message(row.type, row.body) for row in rows if row.body is not None]
            yield number, [event for event in read if isinstance(event, CaseEvent)]

    @cached_property
    def histories(self) -> list[History]:
        """The way of each case: a few words an event, and one snapshot."""
        found: list[History] = []
        for _, events in self.case_events():
            found += histories_of(events)
        return found


def database_of(site: Site, service: str) -> Database:
    """The database of a service of this site, reached without any line that may be cut."""
    if site.postgresql is not None:
        return Database(site.postgresql.url, schema=service)
    return Database(f"sqlite:///{site.system.home / service}.sqlite3")


def held_by_broker(amqp_uri: str) -> list[Held]:
    """Every message in every queue; they stay where they are."""
    found: list[Held] = []
    with Connection(amqp_uri, connect_timeout=10) as connection:
        topology.declare(connection)
        for name in ROUTES:
            queues = [topology.main_queue(name), topology.dead_letter_queue(name)]
            queues += [topology.retry_queue(name, pause) for pause in topology.PAUSES_SECONDS]
            for queue in queues:
                bound = queue.bind(connection.default_channel)
                while (message := bound.get(no_ack=False)) is not None:
                    properties = message.properties
                    id, type_name = properties.get("message_id"), properties.get("type")
                    found.append(Held(queue.name, id or "", type_name or ""))
    return found
