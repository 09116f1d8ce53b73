"""What the reporting service is built of."""

from __future__ import annotations

from dataclasses import dataclass

from services.messaging.rpc_client import RpcClient
from services.messaging.transaction import Transactions
from services.reporting.actions.read_log import ReadEvents
from services.reporting.tables import inbox, outbox
from services.runtime.database import open_database
from services.runtime.exclusive import Exclusive
from services.runtime.settings import Settings


@dataclass
class Wiring:
    """What the doors of the service work with."""

    settings: Settings
    transactions: Transactions
    rpc: RpcClient
    turn: Exclusive

    @property
    def read_events(self) -> ReadEvents:
        """The event log of the cases service."""
        return lambda after, limit: self.rpc.call("cases", "read_events", after=after, limit=limit)

    def close(self) -> None:
        """Close the database and the connections to the broker."""
        self.rpc.close()
        self.turn.release()
        self.transactions.database.close()


def build() -> Wiring:
    """Build it from the settings of this process."""
    settings = Settings.load()
    database = open_database(settings, "reporting")
    rpc = RpcClient(settings.amqp_uri, settings.rpc_timeout_seconds)
    turn = Exclusive(database, "grades")
    return Wiring(settings, Transactions(database, outbox, inbox), rpc, turn)
