"""The documents on PostgreSQL: a tsvector a case, with a GIN index.

The vectors are written out here, word by word, for the parser of the database would take words
apart in its own way. The weights A, B and C tell the parts: head, discussion, description.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    String,
    TextClause,
    cast,
    column,
    func,
    literal,
    table,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from services.cases.model.words import Phrase
from services.cases.search.writing import MOST_BYTES, Writing

CREATE = (
    "CREATE TABLE case_search (number integer PRIMARY KEY, document tsvector NOT NULL,"
    " size integer NOT NULL)",
    "CREATE INDEX case_search_document ON case_search USING gin (document)",
)
TABLE = table("case_search", column("number", Integer), column("document", TSVECTOR))
LAST_POSITION = 16_383
MOST_POSITIONS = 255

_NEW = text(
    "INSERT INTO case_search (number, document, size)"
    " VALUES (:number, CAST(:document AS tsvector), :size)"
)
_REPLACED = text(
    "UPDATE case_search SET document = CAST(:words AS tsvector)"
    ' || ts_filter(document, CAST(:kept AS "char"[])) WHERE number = :number'
)
_ADDED = text(
    "UPDATE case_search SET document = document || CAST(:words AS tsvector), size = size + :size"
    f" WHERE number = :number AND size + :size <= {MOST_BYTES['discussion']}"
)
_GONE = text("DELETE FROM case_search WHERE number = :number")


def write(connection: Connection, writings: Sequence[Writing]) -> None:
    """Bring the documents up to date."""
    rows: dict[TextClause, list[dict[str, object]]] = {_NEW: [], _REPLACED: [], _ADDED: []}
    for one in writings:
        parts = {"A": one.head, "C": one.description}
        row: dict[str, object] = {"number": one.number}
        if one.new:
            rows[_NEW].append(new_row(one))
            continue
        if one.head is not None or one.description is not None:
            kept = [weight for weight, words in {**parts, "B": None}.items() if words is None]
            replaced = {"words": _vector(parts), "kept": "{" + ",".join(kept) + "}"}
            rows[_REPLACED].append({**row, **replaced})
        if one.discussion:
            words = _vector({"B": one.discussion})
            rows[_ADDED].append({**row, "words": words, "size": _size(one)})
    for statement, given in rows.items():
        if given:
            connection.execute(statement, given)


def new_row(one: Writing) -> dict[str, object]:
    """The row of a case that has none yet."""
    document = _vector({"A": one.head, "C": one.description, "B": one.discussion})
    return {"number": one.number, "document": document, "size": _size(one)}


def forget(connection: Connection, number: int) -> None:
    """Take a document away."""
    connection.execute(_GONE, {"number": number})


def matches(phrases: Sequence[Phrase]) -> ColumnElement[bool]:
    """The condition that all of these are found."""
    return _matching(TABLE.c.document, *phrases)


def holds(phrases: Sequence[Phrase]) -> ColumnElement[bool]:
    """The same, looked for in each document that something else has found.

    In this form the planner does not take it for a question to the index.
    """
    return _matching(TABLE.c.document, *phrases).is_(true())


def share(phrase: Phrase, document: ColumnElement[Any]) -> ColumnElement[int]:
    """In how many documents it is."""
    return func.count().filter(_matching(document, phrase))


def _matching(document: ColumnElement[Any], *phrases: Phrase) -> ColumnElement[bool]:
    asked = " & ".join(_phrase(one) for one in phrases)
    return document.bool_op("@@")(cast(literal(asked, String), TSQUERY))


def _size(one: Writing) -> int:
    return sum(len(word.encode()) + 1 for word in one.discussion)


def _phrase(phrase: Phrase) -> str:
    words = [f"'{word}'" for word in phrase.words]
    words[-1] += ":*" if phrase.beginning else ""
    return f"({' <-> '.join(words)})"


def _vector(parts: dict[str, Sequence[str] | None]) -> str:
    """The tsvector in writing; words are letters and digits only, so nothing needs escaping."""
    positions: dict[str, list[str]] = {}
    position = 0
    for weight, words in parts.items():
        for word in words or ():
            position = min(position + 1, LAST_POSITION)
            found = positions.setdefault(word, [])
            if len(found) < MOST_POSITIONS:
                found.append(f"{position}{weight}")
    return " ".join(f"'{word}':{','.join(found)}" for word, found in positions.items())
