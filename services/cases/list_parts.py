"""A stretch of a list of cases as a statement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, select

from services.cases.case_conditions import Condition, Wanted
from services.cases.case_order import Cursor, Stretch
from services.cases.tables import cases


@dataclass(frozen=True)
class Part:
    """A stretch of a list, from behind the cursor, where that lies in it."""

    found: Wanted
    stretch: Stretch
    cursor: Cursor | None

    def statement(self, *columns: Any) -> Select[Any]:
        """The part in its order, with `number`, the `key` it is sorted by, and these columns."""
        number = self.found.number
        key = number if self.stretch.column is None else self.stretch.column
        conditions = (*self.found.conditions, *self.found.narrow)
        statement = select(cases.c.number, key.label("key"), *columns)
        statement = statement.select_from(self.found.tables).where(*conditions)
        if self.stretch.only is not None:
            statement = statement.where(self.stretch.only)
        if self.cursor is not None:
            key, last = self.cursor.key, self.cursor.number
            statement = statement.where(self.stretch.behind(number, key, last))
        return statement.order_by(*self.stretch.order(number))

    def with_tables(self, tables: FromClause, number: ColumnElement[Any], *more: Condition) -> Part:
        """The part with tables joined to its own, and what must hold in them."""
        narrow = [*self.found.narrow, *more]
        return replace(self, found=replace(self.found, tables=tables, number=number, narrow=narrow))

    def of_all(self) -> Part:
        """The same of all cases, whatever the question asks for."""
        return replace(self, found=Wanted(conditions=self.found.conditions))
