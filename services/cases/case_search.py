"""What a question asks for with its words: the one case of a number, or those with the words."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, TextClause, select

from services.cases.case_conditions import Wanted, wanted
from services.cases.model.words import Phrase, asked, number_asked
from services.cases.search import on_postgresql, on_sqlite
from services.cases.tables import cases
from services.contracts.case_commands import CaseQuestion


def searched(
    connection: Connection, question: CaseQuestion
) -> tuple[Wanted, tuple[Phrase, ...]] | None:
    """What the question asks for, and the words that are still to be looked for.

    None: it asks for nothing but signs, which no word has. Raises InvalidRequest for too long
    a search.
    """
    q = question.q or ""
    number = number_asked(q)
    if number is not None and _is_there(connection, number):
        return wanted(connection, question, number), ()
    phrases = asked(q)
    if q.strip() and not phrases:
        return None
    return wanted(connection, question, None), phrases


def with_words(connection: Connection, found: Wanted, phrases: Sequence[Phrase]) -> Wanted:
    """The same among the cases with these words, by the index of the words."""
    if not phrases:
        return found
    condition: TextClause | ColumnElement[bool]
    if connection.dialect.name == "sqlite":
        t, number = on_sqlite.TABLE, on_sqlite.TABLE.c.rowid
        condition = on_sqlite.matches(phrases)
    else:
        t, number = on_postgresql.TABLE, on_postgresql.TABLE.c.number
        condition = on_postgresql.matches(phrases)
    return Wanted(
        tables=found.tables.join(t, number == cases.c.number),
        conditions=found.conditions,
        narrow=[*found.narrow, condition],
        number=found.number,
        scattered=found.scattered,
    )


def _is_there(connection: Connection, number: int) -> bool:
    t = cases
    return connection.scalar(select(t.c.number).where(t.c.number == number)) is not None
