"""Reading the history of the directory."""

from __future__ import annotations

from sqlalchemy import Connection, select

from services.cases.tables import directory_history
from services.contracts.directory import DirectoryChange
from services.contracts.errors import InvalidRequest

WHAT = ("user", "section", "partner", "category", "partner_category", "kind", "template")


def changes_of(connection: Connection, what: str, key: str) -> list[DirectoryChange]:
    """How something in the directory came to be what it is, the newest change first.

    Raises InvalidRequest when `what` is nothing that has a history here.
    """
    if what not in WHAT:
        raise InvalidRequest("what", f"must be one of {', '.join(WHAT)}")
    t = directory_history
    question = select(t).where(t.c.what == what, t.c.key == key).order_by(t.c.version.desc())
    rows = connection.execute(question).mappings()
    return [DirectoryChange.model_validate(dict(row)) for row in rows]
