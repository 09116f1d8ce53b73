"""Finding mails by their words: each database has an index of its own.

PostgreSQL keeps it by itself, on the column `words`; SQLite has a table beside, into which a mail
is written as often as it is looked into: what is found is looked at once more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, String, column, select, table, text

from services.mailgw.tables import raw_mails

CREATE = {
    "sqlite": "CREATE VIRTUAL TABLE mail_search USING fts5("
    "mail_id UNINDEXED, words, tokenize = 'ascii', detail = none, columnsize = 0)",
    "postgresql": "CREATE INDEX mail_search_words ON raw_mails USING gin (CAST(words AS tsvector))",
}
_TABLE = table("mail_search", column("mail_id", String))
_ON_SQLITE = text("mail_search MATCH :asked")
_ON_POSTGRESQL = text("CAST(words AS tsvector) @@ CAST(:asked AS tsquery)")
_NEW = text("INSERT INTO mail_search (mail_id, words) VALUES (:mail, :words)")


def create(operations: Any) -> None:
    """Create the index inside an Alembic migration (`operations` is `alembic.op`)."""
    operations.execute(CREATE[operations.get_bind().dialect.name])


def write(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note rows with `mail` and `words`, where the database does not do so by itself."""
    if connection.dialect.name == "sqlite":
        given = [{"mail": row["mail"], "words": row["words"]} for row in rows]
        connection.execute(_NEW, given)


def found(connection: Connection, words: Sequence[str]) -> Select[tuple[str]]:
    """The ids of the mails with words that begin so, in no order; some may not be."""
    if connection.dialect.name == "sqlite":
        match = " AND ".join(f'"{word}" *' for word in words)
        return select(_TABLE.c.mail_id).where(_ON_SQLITE.bindparams(asked=match))
    match = " & ".join(f"'{word}':*" for word in words)
    condition = _ON_POSTGRESQL.bindparams(asked=match)
    # Fenced: else the newest mails are read, one by one, in the hope of many that fit.
    ids = (
        select(raw_mails.c.id)
        .where(condition)
        .cte("found")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return select(ids.c.id)
