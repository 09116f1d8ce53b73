"""All that runs in a storm: broker, database, services, and the mail servers of both sides."""

from __future__ import annotations

import email
import email.policy
import hashlib
import os
import resource
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from faults.storm.disk import SmallDisk
from faults.storm.journal import Journal
from faults.storm.plan import SERVICES
from faults.storm.processes import StormSystem
from support.broker import BrokerServer
from support.dovecot import DovecotServer
from support.postgresql import PostgresqlServer
from support.rough_line import RoughLine
from support.smtp_peer import Delivered, SmtpPeer
from support.webhook_receiver import Received, WebhookReceiver, receiving

NOBODY = "550 5.1.1 there is nobody of that name"
RECENT = 300  # mails of ours that somebody may still answer


class Gone(dict[str, str]):
    """Answers to recipients: whose address begins with "gone" is refused for good."""

    def get(self, address: str, default: Any = None) -> Any:
        """What the server says to this recipient."""
        return NOBODY if address.startswith("gone") else default


@dataclass
class Site:
    """What the storm strikes at; `lines` by their names in plan.py."""

    folder: Path
    journal: Journal
    broker: BrokerServer
    dovecot: DovecotServer
    peer: SmtpPeer
    receiver: WebhookReceiver
    system: StormSystem
    amqp_uri: str
    lines: dict[str, RoughLine] = field(default_factory=dict)
    postgresql: PostgresqlServer | None = None
    disk: SmallDisk | None = None
    recent: deque[Delivered] = field(default_factory=lambda: deque(maxlen=RECENT))
    broker_turn: threading.RLock = field(default_factory=threading.RLock)
    database_turn: threading.RLock = field(default_factory=threading.RLock)

    def revive_database(self) -> None:
        """Start the database server again, unless it runs or there is none."""
        if self.postgresql is not None:
            with self.database_turn:
                self.postgresql.revive()

    def take(self, delivered: Delivered) -> None:
        """A mail of ours has reached the server of its recipients, which forgets it at once."""
        self.peer.mails.clear()
        head = email.message_from_bytes(delivered.raw, policy=email.policy.compat32)
        said = "\n".join(str(head[name]) for name in ("Subject", "To", "Cc", "In-Reply-To"))
        mark = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]
        message_id = str(head["Message-ID"]).strip()
        self.journal.arrive(message_id, delivered.recipients, delivered.connection, mark)
        self.recent.append(delivered)

    def hook(self, received: Received) -> int:
        """A webhook was told of an event."""
        self.receiver.received.clear()
        self.journal.do("INSERT INTO hooked VALUES (?, ?)", received.id, time.time())
        return 204


@contextmanager
def standing(
    folder: Path, journal: Journal, *, postgresql: bool, disk_megabytes: int
) -> Iterator[Site]:
    """Everything started, the services migrated and ready; all is gone at the end.

    Without root, or with no `disk_megabytes`, there is no disk that could be filled up.
    """
    # Log, database and many connections through each line: the usual 1024 files are few.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with ExitStack() as stack:
        disk = SmallDisk(folder / "home", disk_megabytes)
        if os.getuid() == 0 and disk_megabytes:
            disk.mount()
            stack.callback(disk.unmount)
        broker, dovecot, peer = BrokerServer(), DovecotServer(), SmtpPeer(refusals=Gone())
        for server in (broker, dovecot):
            stack.callback(server.destroy)
            server.start()
        stack.callback(broker.kill)  # nothing in it is wanted any more
        stack.callback(peer.stop)
        peer.start()
        folder.chmod(0o711)  # the user postgres has to pass
        (folder / "home").mkdir(exist_ok=True)
        database = PostgresqlServer(folder / "home") if postgresql else None
        if database is not None:
            stack.callback(database.destroy)
            database.start()
        receiver = stack.enter_context(receiving())
        amqp_uri = broker.new_vhost("storm")
        lines = _lines(broker, dovecot, peer, database)
        stack.callback(lambda: [line.close() for line in lines.values()])
        settings = {"WEB_WEBHOOK_NETWORKS": "127.0.0.0/8", "FETCH_INTERVAL_SECONDS": "2"}
        if database is not None:
            settings["DATABASE_URL"] = database.url
        own = {name: _own(name, amqp_uri, lines, database) for name in SERVICES}
        system = StormSystem(folder, amqp_uri, own, journal, **settings)
        site = Site(folder, journal, broker, dovecot, peer, receiver, system, amqp_uri, lines)
        site.postgresql, site.disk = database, disk if os.getuid() == 0 and disk_megabytes else None
        peer.on_content, receiver.answer = site.take, site.hook
        stack.callback(lambda: [system.kill(name) for name in list(system.processes)])
        stack.callback(system.supervise_no_more)
        stack.enter_context(_home_of_deliver(system.home))
        system.start()
        system.supervise()
        yield site


def _lines(
    broker: BrokerServer,
    dovecot: DovecotServer,
    peer: SmtpPeer,
    database: PostgresqlServer | None,
) -> dict[str, RoughLine]:
    lines = {f"{name} to broker": RoughLine(broker.port) for name in SERVICES}
    lines |= {"mailgw to SMTP": RoughLine(peer.port), "mailgw to IMAP": RoughLine(dovecot.port)}
    if database is not None:
        lines |= {f"{name} to database": RoughLine(database.port) for name in SERVICES}
    return lines


def _own(
    name: str, amqp_uri: str, lines: dict[str, RoughLine], database: PostgresqlServer | None
) -> dict[str, str]:
    """The settings that lead a service over its own lines."""
    port = urlsplit(amqp_uri).port
    own = {"AMQP_URI": amqp_uri.replace(f":{port}/", f":{lines[f'{name} to broker'].port}/")}
    if database is not None:
        line = lines[f"{name} to database"].port
        own["DATABASE_URL"] = database.url.replace(f":{database.port}/", f":{line}/")
    return own


@contextmanager
def _home_of_deliver(home: Path) -> Iterator[None]:
    """Where `hand_over`, which runs in this process, looks for the socket of the gateway."""
    before = os.environ.get("CASEWIRE_HOME")
    os.environ["CASEWIRE_HOME"] = str(home)
    try:
        yield
    finally:
        if before is None:
            del os.environ["CASEWIRE_HOME"]
        else:
            os.environ["CASEWIRE_HOME"] = before
