"""A gateway's empty database, and the mail servers it speaks to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.dovecot import DovecotServer
from support.smtp_peer import SmtpPeer

from services.mailgw import accounts
from services.mailgw.account_saving import save_account
from services.mailgw.actions.process_stored_mails import process_stored_mails
from services.mailgw.actions.send_due_mails import Sender
from services.mailgw.model.accounts import OutgoingAccount
from services.mailgw.outgoing.lanes import scopes_of
from services.mailgw.outgoing.send import Session
from services.mailgw.tables import inbox, outbox
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions
from services.runtime.database import Database
from services.runtime.file_store import FileStore
from services.runtime.migration import migrate_database

Told = Callable[[], list[tuple[str, dict[str, Any]]]]


@pytest.fixture
def transactions(database: Database) -> Transactions:
    """The gateway's database, migrated and empty, once of each make."""
    migrate_database(database, "mailgw")
    return Transactions(database, outbox, inbox)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """A vault whose key does not exist yet."""
    return Vault(tmp_path / "keys" / "mailgw.key")


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[DovecotServer]:
    """A running private Dovecot."""
    made = DovecotServer()
    try:
        made.start()
        yield made
    finally:
        made.destroy()


@pytest.fixture
def dovecot(dovecot_server: DovecotServer) -> DovecotServer:
    """The Dovecot with an empty inbox."""
    dovecot_server.empty()
    return dovecot_server


@pytest.fixture
def peer() -> Iterator[SmtpPeer]:
    """A running SMTP peer that takes everything, until told otherwise."""
    made = SmtpPeer()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def outgoing(transactions: Transactions, peer: SmtpPeer, vault: Vault) -> OutgoingAccount:
    """An approved outgoing account that reaches the peer."""
    with transactions.database.write() as connection:
        save_account(connection, vault, "outgoing", peer.account())
        approved = accounts.approve(connection, "outgoing", "out")
    assert isinstance(approved, OutgoingAccount)
    return approved


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    """An empty file store."""
    return FileStore(str(tmp_path / "attachments"))


@pytest.fixture
def sender(
    transactions: Transactions, outgoing: OutgoingAccount, files: FileStore
) -> Iterator[Sender]:
    """What sends by that account."""
    session = Session(outgoing, "")
    ((_, scope),) = scopes_of([outgoing])
    yield Sender(transactions, outgoing, scope, session, files)
    session.close()


@pytest.fixture
def told(transactions: Transactions) -> Told:
    """What the bus is told: type and body of each message in the outbox, in order."""

    def read() -> list[tuple[str, dict[str, Any]]]:
        with transactions.database.read() as connection:
            log = transactions.outbox.log(connection, 0, 10_000)
        return [(row.type, json.loads(row.body)) for row in log]

    return read


@pytest.fixture
def process_all(transactions: Transactions, files: FileStore) -> Callable[[], int]:
    """Processes until nothing is stored only; the number of mails."""

    def run() -> int:
        count = 0
        lanes = (False, True)
        while taken := sum(process_stored_mails(transactions, files, heavy=h) for h in lanes):
            count += taken
        return count

    return run
