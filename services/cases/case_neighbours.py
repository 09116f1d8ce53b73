"""The cases before and behind one in a list, so that one goes on without going back to it."""

from __future__ import annotations

from sqlalchemy import Connection, literal, select

from services.cases.case_lists import read_rows
from services.cases.case_order import STRETCHES, Cursor
from services.cases.tables import cases
from services.contracts.case_commands import CaseQuestion, Sort
from services.contracts.case_views import Neighbours
from services.contracts.errors import NotFound


def find_neighbours(connection: Connection, question: CaseQuestion, number: int) -> Neighbours:
    """The case before and the one behind; the case itself need not be in the list any more.

    Raises NotFound for a case that there is not.
    """
    place, key = _place_of(connection, question.sort, number)
    found = []
    for back in (True, False):
        rows = read_rows(connection, question, Cursor(place, key, number, back), 1)
        found.append(rows[0][1].number if rows else None)
    return Neighbours(previous=found[0], next=found[1])


def _place_of(connection: Connection, sort: Sort, number: int) -> tuple[int, object]:
    for place, stretch in enumerate(STRETCHES[sort]):
        key = literal(None) if stretch.column is None else stretch.column
        its = select(key.label("key")).where(cases.c.number == number)
        if stretch.only is not None:
            its = its.where(stretch.only)
        row = connection.execute(its).first()
        if row is not None:
            return place, row.key
    raise NotFound("case", number)
