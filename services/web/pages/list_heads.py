"""The heads of the columns by which the case list can be sorted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.contracts.case_commands import Sort
from services.web.pages.case_question import SORTS, list_address

Direction = Literal["ascending", "descending"]
# By which orders a column sorts: the first that is not the present one is offered.
ORDERS: dict[str, tuple[tuple[Sort, Direction], ...]] = {
    "number": (("newest", "descending"), ("oldest", "ascending")),
    "created": (("newest", "descending"), ("oldest", "ascending")),
    "priority": (("priority", "descending"),),
    "due": (("deadline", "ascending"),),
    "when": (("last_action", "descending"),),
}


@dataclass(frozen=True)
class Head:
    """Where a click on the head leads, in words too, and how the list is sorted by it now."""

    address: str
    words: str
    sorted: Direction | None


def heads_of(present: Sort) -> dict[str, Head]:
    """The heads that sort, by the code of their column."""
    found = {}
    for column, orders in ORDERS.items():
        now = next((direction for sort, direction in orders if sort == present), None)
        offered = next((sort for sort, _ in orders if sort != present), present)
        address = list_address(sort=None if offered == "newest" else offered, cursor=None)
        found[column] = Head(address, SORTS[offered], now)
    return found
