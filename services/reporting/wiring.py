"""What the reporting service is built of."""

from __future__ import annotations

from dataclasses import dataclass

from services.messaging.transaction import Transactions
from services.reporting.tables import inbox, outbox
from services.runtime.database import open_database
from services.runtime.settings import Settings


@dataclass
class Wiring:
    """What the doors of the service work with."""

    settings: Settings
    transactions: Transactions

    def close(self) -> None:
        """Close the database."""
        self.transactions.database.close()


def build() -> Wiring:
    """Build it from the settings of this process."""
    settings = Settings.load()
    database = open_database(settings, "reporting")
    return Wiring(settings, Transactions(database, outbox, inbox))
