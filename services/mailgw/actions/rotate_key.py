"""A new key for the stored secrets: each is encrypted anew, and the old key is dropped last.

Killed at any point it can be run again: until all is done both keys are in the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Table, select, text

from services.contracts.errors import InvalidRequest
from services.mailgw.errors import UnreadableKey
from services.mailgw.tables import incoming_accounts, outgoing_accounts
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions
from services.runtime.exclusive import Exclusive

TABLES = (incoming_accounts, outgoing_accounts)


def rotate_key(transactions: Transactions, vault: Vault) -> int:
    """Change the key; the number of secrets that were encrypted anew.

    Raises UnreadableKey when a secret cannot be opened: nothing is dropped then.
    """
    turn = Exclusive(transactions.database, "rotate-key")
    if not turn.try_acquire():
        raise InvalidRequest("key", "it is being changed already")
    try:
        vault.add_key()
        with transactions.database.write() as connection:
            count = _renew(connection, vault)
        with transactions.database.write() as connection:  # nobody saves an account meanwhile
            _renew(connection, vault)
            late = [
                name for name, _, _, token in _secrets(connection) if not vault.is_current(token)
            ]
            if late:
                raise UnreadableKey(f"{', '.join(late)}: saved meanwhile; run it again")
        vault.keep_first_key()
        return count
    finally:
        turn.release()


def _renew(connection: Connection, vault: Vault) -> int:
    if connection.dialect.name == "postgresql":
        names = ", ".join(table.name for table in TABLES)
        connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
    changed: dict[tuple[Table, str], dict[str, str]] = {}
    count = 0
    for account, table, secret, token in _secrets(connection):
        if vault.is_current(token):
            continue
        try:
            renewed = vault.renewed(token)
        except UnreadableKey as error:
            raise UnreadableKey(f"account {account}: {error}") from error
        changed.setdefault((table, account), {})[secret] = renewed
        count += 1
    for (table, account), secrets in changed.items():
        where = table.c.name == account
        kept = connection.scalar(select(table.c.secrets).where(where)) or {}
        connection.execute(table.update().where(where).values(secrets={**kept, **secrets}))
    return count


def _secrets(connection: Connection) -> Iterator[tuple[str, Table, str, str]]:
    """Account, its table, name of the secret, and the secret as it is kept."""
    for table in TABLES:
        for row in connection.execute(select(table.c.name, table.c.secrets)).all():
            for secret, token in (row.secrets or {}).items():
                yield row.name, table, secret, token
