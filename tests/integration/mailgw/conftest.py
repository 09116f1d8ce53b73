"""A gateway's empty database, and the mail servers it speaks to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.dovecot import DovecotServer

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
