"""The documents on SQLite: an FTS5 table whose rowid is the number of the case.

Its tokenizer only has to part words at blanks: they come taken apart and folded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Integer, TextClause, column, table, text

from services.cases.model.words import Phrase
from services.cases.search.writing import MOST_BYTES, Writing

CREATE = (
    "CREATE VIRTUAL TABLE case_search USING fts5("
    "head, description, discussion, tokenize = 'ascii', columnsize = 0)",
)
TABLE = table("case_search", column("rowid", Integer))

_MATCHES = text("case_search MATCH :asked")

_NEW = text(
    "INSERT INTO case_search (rowid, head, description, discussion)"
    " VALUES (:number, :head, :description, :discussion)"
)
_REPLACED = text(
    "UPDATE case_search SET head = coalesce(:head, head),"
    " description = coalesce(:description, description) WHERE rowid = :number"
)
_ADDED = text(
    "UPDATE case_search SET discussion = discussion || ' ' || :words WHERE rowid = :number"
    f" AND length(discussion) + :size <= {MOST_BYTES['discussion']}"
)
_GONE = text("DELETE FROM case_search WHERE rowid = :number")


def write(connection: Connection, writings: Sequence[Writing]) -> None:
    """Bring the documents up to date."""
    for one in writings:
        given: dict[str, Any] = {
            "number": one.number,
            "head": None if one.head is None else " ".join(one.head),
            "description": None if one.description is None else " ".join(one.description),
        }
        words = " ".join(one.discussion)
        if one.new:
            connection.execute(_NEW, {**given, "discussion": words})
            continue
        if one.head is not None or one.description is not None:
            connection.execute(_REPLACED, given)
        if words:
            added = {"number": one.number, "words": words, "size": len(words)}
            connection.execute(_ADDED, added)


def forget(connection: Connection, number: int) -> None:
    """Take a document away."""
    connection.execute(_GONE, {"number": number})


def matches(phrases: Sequence[Phrase]) -> TextClause:
    """The condition that all of these are found; in quotes no word is syntax to FTS5."""
    asked = (f'"{" ".join(one.words)}"' + (" *" if one.beginning else "") for one in phrases)
    return _MATCHES.bindparams(asked=" AND ".join(asked))
