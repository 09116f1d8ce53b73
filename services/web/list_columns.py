"""Which columns the list of cases has, for each user in his own order."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from services.web.tables import list_columns

COLUMNS = (
    *("state", "number", "subject", "partner", "contact", "section", "category", "kind"),
    *("responsible", "priority", "due", "start", "created", "since", "spent", "when"),
)
ALWAYS = "subject"  # it leads to the case
AT_FIRST = (
    *("state", "number", "subject", "partner", "section"),
    *("responsible", "priority", "due", "when"),
)


def known_columns(codes: Iterable[str]) -> tuple[str, ...]:
    """Those of them that there are, each once; the subject in front where it is missing."""
    found = tuple(dict.fromkeys(code for code in codes if code in COLUMNS))
    return found if ALWAYS in found else (ALWAYS, *found)


def columns_of(connection: Connection, user_id: int) -> tuple[str, ...]:
    """The columns that a user chose, or those that the list has at first."""
    chosen = select(list_columns.c.columns).where(list_columns.c.user_id == user_id)
    kept = connection.scalar(chosen)
    return AT_FIRST if kept is None else known_columns(kept.split(","))


def save_columns(connection: Connection, user_id: int, codes: Iterable[str] | None) -> None:
    """Keep the columns in this order; None: those that the list has at first."""
    connection.execute(delete(list_columns).where(list_columns.c.user_id == user_id))
    if codes is not None:
        row = {"user_id": user_id, "columns": ",".join(known_columns(codes))}
        connection.execute(insert(list_columns).values(row))
