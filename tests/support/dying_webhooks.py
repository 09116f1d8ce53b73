"""The webhooks of a gateway that dies between a delivery and keeping how it went.

`python -m support.dying_webhooks DATABASE AMQP_URI`
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from datetime import timedelta

from services.runtime.database import Database
from services.web.access.seal import Seal
from services.web.webhooks import sending, store, taking
from services.web.webhooks.addresses import read_networks
from services.web.webhooks.running import Webhooks

SHORT_LEASE = timedelta(seconds=3)


def webhooks_of(database: Database, amqp_uri: str) -> Webhooks:
    """Those of a gateway on this database, which may deliver to this machine."""
    seal = Seal(["a key"], store.SEAL_PURPOSE)
    sender = sending.Sender(database, seal, read_networks("127.0.0.0/8"))
    return Webhooks(amqp_uri, database, sender)


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    taking.LEASE = SHORT_LEASE
    sending.settle = _die  # type: ignore[assignment]
    webhooks_of(Database(f"sqlite:///{sys.argv[1]}"), sys.argv[2]).start()
    threading.Event().wait(60)
