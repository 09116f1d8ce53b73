"""Rows of a form that can be added, moved and taken away without a script."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

Row = TypeVar("Row")


class TellsWhatIsWrong(Protocol):
    """A row that notes what is wrong with it, a sentence for each part."""

    wrong: dict[str, str]


def arrange(rows: list[Row], step: str, new: Callable[[], Row]) -> list[Row]:
    """The rows with one more ("add"), one moved ("up-2", "down-2") or without one ("remove-2")."""
    what, _, place_text = step.partition("-")
    if what == "add":
        return [*rows, new()]
    place = int(place_text) if place_text.isdecimal() else -1
    if not 0 <= place < len(rows):
        return rows
    moved = [*rows]
    row = moved.pop(place)
    if what != "remove":
        moved.insert(max(place + (1 if what == "down" else -1), 0), row)
    return moved


def place_errors(
    errors: Mapping[str, str], name: str, rows: Sequence[TellsWhatIsWrong], parts: Sequence[str]
) -> dict[str, str]:
    """Put what the service says of `name.2.part` at that row; answers what has no row.

    What is said of a row as such stands at the first of its `parts`.
    """
    left = {}
    for field, words in errors.items():
        what, _, rest = field.partition(".")
        place, _, part = rest.partition(".")
        if what == name and place.isdecimal() and int(place) < len(rows):
            rows[int(place)].wrong[part if part in parts else parts[0]] = words
        else:
            left[field] = words
    return left
