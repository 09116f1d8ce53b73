"""What the rules service is built of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from services.messaging.rpc_client import RpcClient
from services.messaging.transaction import Transactions
from services.rules.backlog import Backlog
from services.rules.bookshelf import Bookshelf
from services.rules.case_directory import CaseDirectory
from services.rules.tables import inbox, outbox
from services.runtime.database import open_database
from services.runtime.exclusive import Exclusive
from services.runtime.settings import Settings

# Whoever saves a rule waits for this answer as well, and has a deadline of his own.
LONGEST_QUESTION_SECONDS = 3.0


@dataclass
class Wiring:
    """What the doors of the service work with."""

    settings: Settings
    transactions: Transactions
    bookshelf: Bookshelf
    backlog: Backlog
    turn: Exclusive
    cases: CaseDirectory
    rpc: RpcClient

    def close(self) -> None:
        """Close the database and the connections to the broker."""
        self.rpc.close()
        self.turn.release()
        self.transactions.database.close()


def build() -> Wiring:
    """Build it from the settings of this process."""
    settings = Settings.load()
    database = open_database(settings, "rules")
    patience = min(settings.rpc_timeout_seconds, LONGEST_QUESTION_SECONDS)
    rpc = RpcClient(settings.amqp_uri, patience)
    return Wiring(
        settings,
        Transactions(database, outbox, inbox),
        Bookshelf(),
        Backlog(),
        Exclusive(database, "sweep"),
        CaseDirectory(partial(rpc.call, "cases")),
        rpc,
    )
