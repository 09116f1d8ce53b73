"""A gateway's empty database, and the mail servers it speaks to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.dovecot import DovecotServer
from support.smtp_peer import SmtpPeer

from services.mailgw import accounts
from services.mailgw.actions.send_due_mails import Sender
from services.mailgw.model.accounts import OutgoingAccount
from services.mailgw.outgoing.lanes import scopes_of
from services.mailgw.outgoing.send import Session
from services.mailgw.tables import inbox, outbox
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions
from services.runtime.database import Database
from services.runtime.migration import migrate_database


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
        accounts.save(connection, vault, "outgoing", peer.account())
        approved = accounts.approve(connection, "outgoing", "out")
    assert isinstance(approved, OutgoingAccount)
    return approved


@pytest.fixture
def sender(transactions: Transactions, outgoing: OutgoingAccount) -> Iterator[Sender]:
    """What sends by that account."""
    session = Session(outgoing, "")
    ((_, scope),) = scopes_of([outgoing])
    yield Sender(transactions, outgoing, scope, session)
    session.close()
