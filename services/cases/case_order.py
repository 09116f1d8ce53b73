"""The orders of lists of cases, and the cursors by which their pages go on.

Every order ends with the number, so it is whole, and a page begins behind the key of the case
before: no page counts what the pages before it held.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, literal, tuple_

from services.cases.tables import cases
from services.contracts.case_commands import Sort
from services.contracts.errors import InvalidRequest

Column = ColumnElement[Any]
BACK = "back"  # in the writing of a cursor that goes back


@dataclass(frozen=True)
class Stretch:
    """A run of cases by `column` (None: by number alone), up or down; only where `only` holds."""

    down: bool
    column: Column | None = None
    only: ColumnElement[bool] | None = None

    def turned(self) -> Stretch:
        """The same, from its end to its beginning."""
        return replace(self, down=not self.down)

    def order(self, number: Column) -> list[UnaryExpression[Any]]:
        """How the stretch is sorted; `number` is where the number of the case is read."""
        keys = [number] if self.column is None else [self.column, number]
        return [key.desc() if self.down else key.asc() for key in keys]

    def behind(self, number: Column, key: Any, last: int) -> ColumnElement[bool]:
        """What comes behind the case with this key and number."""
        if self.column is None:
            return number < last if self.down else number > last
        mine: Any = tuple_(self.column, number)
        its = tuple_(literal(key, self.column.type), literal(last))
        found: ColumnElement[bool] = mine < its if self.down else mine > its
        return found


_DUE = cases.c.next_deadline
STRETCHES: dict[Sort, tuple[Stretch, ...]] = {
    "newest": (Stretch(down=True),),
    "oldest": (Stretch(down=False),),
    "last_action": (Stretch(True, cases.c.last_action_at),),
    # What has no deadline comes behind all that has one, the newest first.
    "deadline": (Stretch(False, _DUE, _DUE.is_not(None)), Stretch(True, None, _DUE.is_(None))),
    "priority": (Stretch(True, cases.c.rank),),
}


@dataclass(frozen=True)
class Cursor:
    """Where a page ended: in which stretch, with which key and number; `back`: it goes back."""

    stretch: int
    key: Any
    number: int
    back: bool = False


def cursor_text(sort: Sort, cursor: Cursor) -> str:
    """The cursor as callers get it."""
    key = cursor.key.isoformat() if isinstance(cursor.key, datetime) else cursor.key
    parts = [sort, cursor.stretch, key, cursor.number, *([BACK] if cursor.back else [])]
    written = json.dumps(parts, separators=(",", ":"))
    return urlsafe_b64encode(written.encode()).decode().rstrip("=")


def read_cursor(sort: Sort, given: str) -> Cursor:
    """The cursor that a caller gives back. Raises InvalidRequest when it is none of this order."""
    try:
        written = json.loads(urlsafe_b64decode(given.encode() + b"=" * (-len(given) % 4)))
        its_sort, stretch, key, number, *direction = written
        column = STRETCHES[sort][stretch].column
        cursor = Cursor(stretch, _key(column, key), _whole(number), direction == [BACK])
        if its_sort != sort or stretch < 0 or direction not in ([], [BACK]):
            raise ValueError(f"a cursor of the order {its_sort!r}")
    except (ValueError, TypeError, LookupError) as error:
        told = "give the `next` of the page before, as it was, with the same sort"
        raise InvalidRequest("cursor", told) from error
    return cursor


def cursor_of(sort: Sort, stretch: int, row: Any, back: bool = False) -> Cursor:
    """The cursor behind a row, which holds `number` and the column of its stretch as `key`.

    One that goes `back` leads to what stands before the row.
    """
    key = None if STRETCHES[sort][stretch].column is None else row.key
    return Cursor(stretch, key, row.number, back)


def stretches_from(sort: Sort, cursor: Cursor | None) -> Sequence[tuple[int, Stretch]]:
    """The stretches that are not over yet, each with its place; turned, for a way back."""
    every = list(enumerate(STRETCHES[sort]))
    if cursor is None or not cursor.back:
        return every[cursor.stretch if cursor else 0 :]
    return [(place, one.turned()) for place, one in reversed(every[: cursor.stretch + 1])]


def _key(column: Column | None, key: Any) -> Any:
    if column is None:
        return None
    if column is cases.c.rank:
        return _whole(key)
    moment = datetime.fromisoformat(key)
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment


def _whole(given: Any) -> int:
    """A whole number that a column can hold."""
    if type(given) is not int or not 0 <= given < 2**31:
        raise ValueError(f"no number: {given!r}")
    return given
