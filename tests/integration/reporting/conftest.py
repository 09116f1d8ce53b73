"""A reporting database, ready to take events in."""

from __future__ import annotations

import pytest

from services.messaging.transaction import Transactions
from services.reporting.tables import inbox, outbox
from services.runtime.database import Database
from services.runtime.migration import migrate_database


@pytest.fixture
def transactions(database: Database) -> Transactions:
    migrate_database(database, "reporting")
    return Transactions(database, outbox, inbox)
