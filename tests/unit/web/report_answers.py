"""An answer of the reporting service: two users' cases by state, as a pivot of them has it."""

from __future__ import annotations

from typing import Any

TOM = {"user": "Tom Novak", "user_id": 3}
NOBODY = {"user": "", "user_id": None}


def row(count: int, closed: int = 0, **more: Any) -> dict[str, Any]:
    """A row with so many cases."""
    return {"count": count, "closed": closed, **more}


PIVOT = {
    "rows": [
        row(1, **NOBODY, state="open"),
        row(2, **TOM, state="open"),
        row(4, 4, **TOM, state="done", average_hours_to_close=3.0),
    ],
    "row_totals": [
        row(1, **NOBODY),
        row(6, 4, **TOM, average_hours_to_close=3.0),
    ],
    "column_totals": [
        row(3, state="open"),
        row(4, 4, state="done", average_hours_to_close=3.0),
    ],
    "totals": [row(7, 4, average_hours_to_close=5.5)],
    "as_of": 9,
}
