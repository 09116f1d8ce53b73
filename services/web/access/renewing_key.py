"""A new web key: what is kept with the old one is encrypted anew, and who is signed in stays so."""

from __future__ import annotations

from sqlalchemy import Connection, Table, select, update

from services.runtime.database import Database
from services.web.access.seal import Seal, SealBroken
from services.web.access.two_factor import SEAL_PURPOSE as TWO_FACTOR
from services.web.access.web_key import add_key, drop_old_keys
from services.web.settings import WebSettings
from services.web.tables import two_factor, webhooks
from services.web.webhooks.store import SEAL_PURPOSE as WEBHOOKS

SEALED: tuple[tuple[Table, str, str, str], ...] = (
    (two_factor, "user_id", "secret", TWO_FACTOR),
    (webhooks, "id", "secret", WEBHOOKS),
    (webhooks, "id", "previous_secret", WEBHOOKS),
)


def renew_key(settings: WebSettings, database: Database) -> tuple[int, int]:
    """Change the key; how many secrets were encrypted anew, and how many nobody can open.

    Those stay as they are. Killed before its end it can be run again: no key is dropped before
    all is encrypted anew. Raises KeyGiven.
    """
    keys = add_key(settings)
    with database.write() as connection:
        found = [
            _seal_anew(connection, table, key, column, Seal(keys, purpose))
            for table, key, column, purpose in SEALED
        ]
    drop_old_keys(settings)
    return sum(renewed for renewed, _ in found), sum(lost for _, lost in found)


def _seal_anew(
    connection: Connection, table: Table, key: str, column: str, seal: Seal
) -> tuple[int, int]:
    renewed = lost = 0
    kept = select(table.c[key], table.c[column]).where(table.c[column].is_not(None))
    for id, sealed in connection.execute(kept).all():
        try:
            anew = seal.close(seal.open(sealed))
        except SealBroken:
            lost += 1
            continue
        unchanged = (table.c[key] == id) & (table.c[column] == sealed)
        connection.execute(update(table).where(unchanged).values({column: anew}))
        renewed += 1
    return renewed, lost
