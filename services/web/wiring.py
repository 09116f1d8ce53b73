"""What the web gateway is built of, and how a request finds it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from flask import current_app

from services.messaging.rpc_client import RpcClient
from services.runtime.database import Database, open_database
from services.runtime.file_store import FileStore, open_file_store
from services.web.access.seal import Seal
from services.web.access.sight import asker_id, seen_in_reports
from services.web.access.web_key import secret_keys
from services.web.clients.calendars import CalendarsClient
from services.web.clients.cases import CasesClient
from services.web.clients.directory import DirectoryClient
from services.web.clients.mailgw import MailgwClient
from services.web.clients.portal import PortalClient
from services.web.clients.reporting import ReportingClient
from services.web.clients.rules import RulesClient
from services.web.clients.templates import TemplatesClient
from services.web.live.live import Live
from services.web.settings import WebSettings
from services.web.webhooks.running import Webhooks
from services.web.webhooks.sending import Sender
from services.web.webhooks.store import SEAL_PURPOSE

EXTENSION = "casewire"


@dataclass
class Wiring:
    """The gateway's own database, and a client for each of the other services.

    `reset_asked` is set when this process has noted that a link for a new password is wanted;
    `has_cases` once it has seen a case, for cases do not go away.
    """

    settings: WebSettings
    database: Database
    rpc: RpcClient
    cases: CasesClient
    directory: DirectoryClient
    rules: RulesClient
    mailgw: MailgwClient
    reporting: ReportingClient
    calendars: CalendarsClient
    templates: TemplatesClient
    files: FileStore
    portal: PortalClient
    reset_asked: threading.Event = field(default_factory=threading.Event)
    has_cases: bool = False
    live: Live = field(default_factory=Live)
    webhook_seal: Seal = field(init=False)
    webhooks: Webhooks = field(init=False)

    def __post_init__(self) -> None:
        self.webhook_seal = Seal(secret_keys(self.settings), SEAL_PURPOSE)
        sender = Sender(self.database, self.webhook_seal, self.settings.webhook_networks)
        self.webhooks = Webhooks(self.settings.amqp_uri, self.database, sender)

    def stop_from_signal(self) -> None:
        """End streams and webhooks, where no lock may be waited for: a thread could hold it."""
        self.live.stop_from_signal()
        threading.Thread(target=self.webhooks.stop, name="stopper", daemon=True).start()

    def close(self) -> None:
        """Close connections to the broker and the database."""
        self.live.stop()
        self.webhooks.stop()
        self.rpc.close()
        self.database.close()


def build(settings: WebSettings | None = None) -> Wiring:
    """Build it, from the settings of this process when none are given."""
    settings = settings or WebSettings.load()
    rpc = RpcClient(settings.amqp_uri, settings.rpc_timeout_seconds)
    directory = DirectoryClient(rpc)
    return Wiring(
        settings=settings,
        database=open_database(settings, "web"),
        rpc=rpc,
        cases=CasesClient(rpc, asker_id),
        directory=directory,
        rules=RulesClient(rpc),
        mailgw=MailgwClient(rpc),
        reporting=ReportingClient(rpc, lambda: seen_in_reports(directory)),
        calendars=CalendarsClient(rpc),
        templates=TemplatesClient(rpc, asker_id),
        files=open_file_store(settings),
        portal=PortalClient(rpc),
        live=Live(settings.amqp_uri, directory.forget),
    )


def wired() -> Wiring:
    """The wiring of the app that answers the present request."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Wiring)
    return found
