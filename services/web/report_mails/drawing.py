"""The graph of a report as numbers and texts, to be drawn by a program of its own."""

from __future__ import annotations

from typing import Literal

from services.contracts.envelope import Part

ACCENT = "#4a55c8"  # that of the page on white


class Series(Part):
    """What is drawn in one colour: a value for each group, None where there is none."""

    name: str
    colour: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]


class Drawing(Part):
    """A graph: `groups` side by side, in each a value of every series.

    `sort` says what sort of number is drawn, `language` how numbers are written.
    """

    shape: str
    title: str
    sort: Literal["number", "hours", "money", "share"]
    language: str
    groups: tuple[str, ...]
    series: tuple[Series, ...]
