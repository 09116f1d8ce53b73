"""A relay that dies between the broker's confirm and marking the rows sent.

`python -m support.dying_relay DATABASE AMQP_URI`; DATABASE is an address of SQLAlchemy, with the
schema behind a # where it has one.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

from sqlalchemy import Connection, MetaData

from services.messaging.outbox import Outbox, outbox_table
from services.messaging.relay import Relay
from services.runtime.database import Database


class DyingOutbox(Outbox):
    """Kills the process instead of marking."""

    def mark_sent(self, connection: Connection, positions: Sequence[int]) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    outbox = DyingOutbox(outbox_table(MetaData()))
    address, _, schema = sys.argv[1].partition("#")
    Relay(Database(address, schema=schema or None), outbox, sys.argv[2]).run()
