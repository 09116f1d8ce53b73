"""What the cases service is built of."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection

from services.cases.actions.handle import handle
from services.cases.tables import inbox, outbox
from services.contracts.envelope import Envelope
from services.messaging.transaction import Failure, Transactions
from services.runtime.database import open_database
from services.runtime.settings import Settings


@dataclass
class Wiring:
    """What the doors of the service work with."""

    settings: Settings
    transactions: Transactions

    def take_effect(self, messages: list[Envelope]) -> list[Failure]:
        """Let a batch of messages take effect; the answer holds those that failed."""
        return self.transactions.take_effect(messages, handle)

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection to read with."""
        return self.transactions.database.read()

    def close(self) -> None:
        """Close the database."""
        self.transactions.database.close()


def build() -> Wiring:
    """Build it from the settings of this process."""
    settings = Settings.load()
    database = open_database(settings, "cases")
    return Wiring(settings, Transactions(database, outbox, inbox))
