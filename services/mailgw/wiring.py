"""What the mail gateway is built of."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from services.mailgw.actions.drop_originals import drop_originals
from services.mailgw.actions.process_stored_mails import process_stored_mails
from services.mailgw.delivery_door import DeliveryDoor
from services.mailgw.hand_over import SOCKET
from services.mailgw.incoming.fetcher import Fetcher
from services.mailgw.incoming.fetching import Fetching
from services.mailgw.incoming.pushing import Pushing
from services.mailgw.incoming.standing import Standing
from services.mailgw.outgoing.lanes import Sending
from services.mailgw.tables import inbox, outbox
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.database import open_database
from services.runtime.exclusive import Exclusive
from services.runtime.file_store import FileStore
from services.runtime.file_store_process import FileStoreProcess, open_green_file_store
from services.runtime.settings import Settings

KEY_FILE_VARIABLE = "CASEWIRE_MAILGW_KEY_FILE"

RunBlocking = Callable[..., Any]


@dataclass
class Wiring:
    """What the doors of the service work with.

    `stored`, `stored_heavy` and `queued` are set when this process has stored mails (of any size),
    or queued one to send.
    """

    settings: Settings
    transactions: Transactions
    vault: Vault
    files: FileStore
    run_blocking: RunBlocking
    stored: threading.Event = field(default_factory=threading.Event)
    stored_heavy: threading.Event = field(default_factory=threading.Event)
    queued: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        # After its first failure an account is fetched in the next round as ever.
        self.standing = Standing(
            self.transactions.database, self.settings.fetch_interval_seconds / 2
        )
        fetcher = Fetcher(self.transactions, self.vault, self._note_stored, self.standing)
        self.fetching = Fetching(fetcher)
        self.pushing = Pushing(fetcher)
        self.delivery_door = DeliveryDoor(
            self.transactions, self.settings.home / SOCKET, self._note_stored
        )
        # Without a wake: what became of each mail leaves a fifth of a second later, many at
        # once. Waking the relay for each would cost a second synchronised commit a mail.
        quiet = Transactions(self.transactions.database, outbox, inbox)
        self.sending = Sending(
            quiet, self.vault, self.files, self.run_blocking, self.settings.public_address
        )
        self._processing = Exclusive(self.transactions.database, "process")
        self._begun: set[str] = set()
        self._asking = threading.Lock()  # the lock's connection is not for two at a time

    def _note_stored(self) -> None:
        self.stored.set()
        self.stored_heavy.set()

    def process(self, *, heavy: bool = False) -> int:
        """Process one batch of stored mails, unless another process does; how many it was."""
        with self._asking:
            mine = self._processing.try_acquire()
        if not mine:
            return 0
        return process_stored_mails(
            self.transactions,
            self.files,
            heavy=heavy,
            run_blocking=self.run_blocking,
            begun=self._begun,
        )

    def drop_originals(self) -> int:
        """Drop the originals that are older than they are to be kept; how many it were."""
        days = self.settings.raw_mail_days
        if days is None:
            return 0
        before = now() - timedelta(days=days)
        return drop_originals(self.transactions.database, self.files, before, self.run_blocking)

    def close(self) -> None:
        """Finish what is in hand, then close the database."""
        self.delivery_door.close()
        self.sending.close()
        self.pushing.close()
        self.fetching.close()
        self._processing.release()
        if isinstance(self.files, FileStoreProcess):
            self.files.close()
        self.transactions.database.close()


def build(run_blocking: RunBlocking) -> Wiring:
    """Build it from the settings of this process."""
    settings = Settings.load()
    transactions = Transactions(open_database(settings, "mailgw"), outbox, inbox)
    files = open_green_file_store(settings)
    return Wiring(settings, transactions, vault_of(settings), files, run_blocking)


def vault_of(settings: Settings) -> Vault:
    """The vault with the gateway's key file."""
    return Vault(mail_key_file(settings))


def mail_key_file(settings: Settings) -> Path:
    """Where the key of the stored mail passwords is."""
    named = os.environ.get(KEY_FILE_VARIABLE)
    return Path(named) if named else settings.home / "mailgw.key"
