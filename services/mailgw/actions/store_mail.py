"""Keep a mail before anything else happens to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from services.mailgw import raw_store
from services.mailgw.raw_store import Kept
from services.messaging.transaction import Transactions
from services.runtime.clock import now


def store_mails(
    transactions: Transactions,
    account: str,
    raws: Sequence[bytes],
    also: Callable[[Connection], None] = lambda connection: None,
) -> Kept:
    """Store these mails, and do `also`, in one commit; once it returns they are durable."""
    received_at = now()
    with transactions.begin() as transaction:
        kept = raw_store.store(transaction.connection, account, raws, received_at)
        also(transaction.connection)
    return kept
