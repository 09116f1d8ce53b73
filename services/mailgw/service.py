"""The mail gateway's doors: timers, the queue of orders, and RPC."""

from __future__ import annotations

from typing import Any

from eventlet import tpool

from services.contracts.envelope import Envelope
from services.contracts.errors import CROSSING, InvalidRequest, NotFound
from services.contracts.mail import MailSend
from services.mailgw import accounts, metrics, originals, outgoing_store, raw_store
from services.mailgw.account_doors import AccountDoors
from services.mailgw.actions.note_filings import note_filings
from services.mailgw.actions.queue_mail import queue_mails
from services.mailgw.actions.read_attachment import read_attachment, read_kept_part
from services.mailgw.mail_doors import MailDoors
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.wiring import Wiring, build
from services.messaging.bus import Bus, Provided
from services.messaging.consumer import consume
from services.messaging.door import rpc
from services.messaging.periodic import every
from services.messaging.transaction import Failure
from services.runtime.settings import Settings

# Mails that another process stored (`deliver`) are found after this at the latest.
LOOK_SECONDS = 0.04
LOOKS = 15  # in one run: each run costs as much as several looks
LOOK_FOR_HEAVY_SECONDS = 0.4
# A mail put off is due at some moment that wakes nobody.
LOOK_FOR_DUE_SECONDS = 0.5
OBSERVE_SECONDS = 2.0
DROP_SECONDS = 3600.0
# After the process that took deliveries has died, another one takes them so soon.
LOOK_FOR_DOOR_SECONDS = 1.0
# A server is watched, or no longer, so long after its account was approved or changed.
LOOK_FOR_ACCOUNTS_SECONDS = 2.0


def _build() -> Wiring:
    return build(tpool.execute)


class Service(MailDoors, AccountDoors):
    """Takes mails in, and sends what it is ordered to."""

    name = "mailgw"
    wired = Provided(_build)
    bus = Bus()

    @every(seconds=lambda: Settings.load().fetch_interval_seconds)
    def fetch(self) -> None:
        """Begin to fetch every approved account, without waiting for any of them."""
        self.wired.fetching.fetch_due(self._fetchable())

    @every(seconds=lambda: LOOK_FOR_ACCOUNTS_SECONDS)
    def watch(self) -> None:
        """Wait on the servers that tell of new mail by themselves."""
        self.wired.pushing.watch(self._fetchable())

    @every(seconds=lambda: LOOK_FOR_DOOR_SECONDS)
    def take_deliveries(self) -> None:
        """Let `deliver` hand its mails over here."""
        self.wired.delivery_door.keep_open()

    @every(seconds=lambda: 0.0)
    def process(self) -> None:
        """Process what has been stored, at once when this process stored it."""
        for _ in range(LOOKS):
            self.wired.stored.wait(LOOK_SECONDS)
            self.wired.stored.clear()
            if self.wired.process():
                self.wired.stored.set()

    @every(seconds=lambda: 0.0)
    def process_heavy(self) -> None:
        """Process one portion of the large mails, beside the small ones."""
        self.wired.stored_heavy.wait(LOOK_FOR_HEAVY_SECONDS)
        self.wired.stored_heavy.clear()
        if self.wired.process(heavy=True):
            self.wired.stored_heavy.set()

    @consume("casewire.mailgw")
    def take_in(self, messages: list[Envelope]) -> list[Failure]:
        """Queue the ordered mails, and note where those that came in were put."""
        orders = [message for message in messages if isinstance(message, MailSend)]
        # Queueing syncs the log of the database, and with it what was noted just before.
        note_filings(self.wired.transactions, messages, durable=not orders)
        if not orders:
            return []
        failures = queue_mails(self.wired.transactions, orders)
        self.wired.queued.set()
        return failures

    @every(seconds=lambda: 0.0)
    def send(self) -> None:
        """Send what is due."""
        self.wired.queued.wait(LOOK_FOR_DUE_SECONDS)
        self.wired.queued.clear()
        self.wired.sending.round()

    @every(seconds=lambda: DROP_SECONDS)
    def drop_originals(self) -> None:
        """Drop the originals of mails that were settled long ago, where a setting says so."""
        self.wired.drop_originals()

    @every(seconds=lambda: OBSERVE_SECONDS)
    def observe(self) -> None:
        """Bring the gauges up to date."""
        with self.wired.transactions.database.read() as connection:
            metrics.WAITING_TO_SEND.set(outgoing_store.waiting(connection))
        self.wired.standing.observe(self._fetchable())

    @rpc(expected_exceptions=CROSSING)
    def fetch_now(self, name: str | None = None) -> dict[str, Any]:
        """Fetch one approved account, or all: {"stored": count, "failed": {name: why}}.

        What takes longer than a caller waits goes on, and is told of as failed.
        """
        patience = self.wired.settings.rpc_timeout_seconds * 0.8
        fetched = self.wired.fetching.fetch(self._fetchable(name), patience)
        return {"stored": fetched.stored, "failed": fetched.failed}

    @rpc(expected_exceptions=CROSSING)
    def get_attachment(self, mail_id: str, part: int) -> dict[str, str]:
        """An attachment: filename, content_type, content_base64."""
        with self.wired.transactions.database.read() as connection:
            contents = raw_store.contents(connection, [mail_id])
            kept = {} if contents else originals.kept_parts_of(connection, mail_id)
        run = self.wired.run_blocking
        if part in kept:
            found: dict[str, str] = run(read_kept_part, self.wired.files, kept[part])
            return found
        if mail_id not in contents:
            raise NotFound("mail", mail_id)
        attachment: dict[str, str] = run(read_attachment, contents[mail_id], part)
        return attachment

    @rpc(expected_exceptions=CROSSING)
    def list_quarantine(self, limit: int = 50) -> list[dict[str, Any]]:
        """The latest mails that could not be read: mail_id, account, received_at, size, why."""
        with self.wired.transactions.database.read() as connection:
            rows = raw_store.quarantine(connection, min(max(int(limit), 1), 500))
        return [{**row, "received_at": row["received_at"].isoformat()} for row in rows]

    def _fetchable(self, name: str | None = None) -> list[IncomingAccount]:
        """The approved accounts with a mailbox; or the one named, which must be such."""
        with self.wired.transactions.database.read() as connection:
            known = accounts.incoming(connection)
        if name is None:
            return [one for one in known if one.is_fetched and one.approved]
        chosen = next((one for one in known if one.name == name), None)
        if chosen is None:
            raise NotFound("incoming account", name)
        if not (chosen.is_fetched and chosen.approved):
            raise InvalidRequest("name", f"{name} is no approved account with a mailbox")
        return [chosen]
