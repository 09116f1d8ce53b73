"""A small real service for the tests of the bus: each user.changed leaves one row.

`python -m support.recording_service DATABASE AMQP_URI`. A file `die` beside the database makes
it kill itself, once, between commit and acknowledgement.
"""

from __future__ import annotations

from services.runtime.green import patch

patch()

import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

from nameko.rpc import rpc as door_of_before  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402
from sqlalchemy import Column, Integer, MetaData, Table  # noqa: E402

from services.contracts.directory import User, UserChanged  # noqa: E402
from services.contracts.envelope import Envelope  # noqa: E402
from services.contracts.errors import StaleVersion  # noqa: E402
from services.messaging.bus import Bus, Provided  # noqa: E402
from services.messaging.consumer import consume  # noqa: E402
from services.messaging.door import rpc  # noqa: E402
from services.messaging.inbox import inbox_table  # noqa: E402
from services.messaging.outbox import outbox_table  # noqa: E402
from services.messaging.periodic import every  # noqa: E402
from services.messaging.tracing import TRACING  # noqa: E402
from services.messaging.transaction import Failure, Transaction, Transactions  # noqa: E402
from services.runtime.clock import now  # noqa: E402
from services.runtime.database import Database  # noqa: E402
from services.runtime.identity import new_id  # noqa: E402
from services.runtime.settings import Settings  # noqa: E402

metadata = MetaData()
OUTBOX, INBOX = outbox_table(metadata), inbox_table(metadata)
EFFECTS = Table("effects", metadata, Column("user_id", Integer, nullable=False))


class Wiring:
    """The database of the recording service."""

    def __init__(self) -> None:
        self.ticks = 0
        database = Database(f"sqlite:///{sys.argv[1]}")
        metadata.create_all(database.engine)
        self.transactions = Transactions(database, OUTBOX, INBOX)

    def handle(self, transaction: Transaction, message: Envelope) -> None:
        """Leave a row; a user called "bad" fails, one called "impossible" at the commit."""
        if message.data.login == "bad":
            raise ValueError("this one fails")
        if message.data.login == "impossible":
            transaction.append(EFFECTS, {"user_id": None})
            return
        transaction.connection.execute(EFFECTS.insert().values(user_id=message.data.id))


class RecordingService:
    name = "recording"
    wired = Provided(Wiring)
    bus = Bus()

    @consume("casewire.reporting")
    def take_in(self, messages: list[Envelope]) -> list[Failure]:
        failures = self.wired.transactions.take_effect(messages, self.wired.handle)
        die = Path(sys.argv[1]).with_name("die")
        if die.exists():
            die.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return failures

    @every(seconds=lambda: 0.1)
    def tick(self) -> None:
        self.wired.ticks += 1
        if self.wired.ticks == 1:
            raise ValueError("the first run fails")

    @rpc
    def ticks(self) -> int:
        return int(self.wired.ticks)

    @rpc
    def conflict(self) -> None:
        raise StaleVersion("case", 3, 5)

    @rpc
    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    @rpc
    def change_users(self, logins: list[str]) -> list[str]:
        """Begin a chain of messages for each; the ids with which they begin."""
        with self.wired.transactions.begin() as transaction:
            users = [User(id=n, login=login, name=login) for n, login in enumerate(logins, 1)]
            events = [UserChanged(id=new_id(), occurred_at=now(), data=user) for user in users]
            for event in events:
                transaction.publish(event)
        return [event.id for event in events]

    @door_of_before
    def answer_as_before(self) -> str:
        """As a release did that knew nothing of traces."""
        return "answered"


def main() -> None:
    """Run until SIGTERM, which may come while it still starts."""
    asked: list[bool] = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append(True))
    TRACING.configure(Settings.load(), "recording")
    runner = ServiceRunner({"AMQP_URI": sys.argv[2]})
    runner.add_service(RecordingService)
    runner.start()
    while not asked:
        time.sleep(0.05)
    runner.stop()
    TRACING.close()


if __name__ == "__main__":
    main()
