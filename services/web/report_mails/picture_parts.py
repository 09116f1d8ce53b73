"""The shapes of a graph: bars, a line, stacked bars, a heat map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from babel.numbers import format_decimal, format_percent
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb

from services.web.report_mails.drawing import ACCENT, Drawing, Series

GROUND = "#ffffff"
TEXT = "#1d1e23"
MUTED = "#5f636d"
LINE = "#e8e8ee"
BAR = 0.76  # of the room of a group
BROADEST = 0.12  # of the whole axis
LONGEST_NAME = 28
HEAT_LEAST = 0.12
MOST_HEAT_NAMES_FLAT = 6


def draw_bars(axes: Axes, drawing: Drawing, lies: bool) -> None:
    """The series side by side; one alone has its numbers written on."""
    whole = _width(drawing, len(drawing.series), lies)
    wide = whole / len(drawing.series)
    for place, one in enumerate(drawing.series):
        at = [group - whole / 2 + wide * (place + 0.5) for group in range(len(drawing.groups))]
        _bars(axes, one, at=at, wide=wide, foot=[0.0] * len(at), lies=lies)
    if len(drawing.series) == 1:
        _write_numbers(axes, drawing.series[0], lies)


def draw_stacked(axes: Axes, drawing: Drawing, lies: bool) -> None:
    """The series upon each other."""
    at = [float(group) for group in range(len(drawing.groups))]
    foot = [0.0] * len(at)
    for one in drawing.series:
        _bars(axes, one, at=at, wide=_width(drawing, 1, lies), foot=foot, lies=lies)
        foot = [below + (value or 0) for below, value in zip(foot, one.values, strict=True)]
    if len(drawing.series) == 1:
        _write_numbers(axes, drawing.series[0], lies)


def draw_line(axes: Axes, drawing: Drawing) -> None:
    """A line for each series; what has no value is passed over."""
    for one in drawing.series:
        known = [(at, value) for at, value in enumerate(one.values) if value is not None]
        places, values = [at for at, _ in known], [value for _, value in known]
        axes.plot(places, values, color=one.colour, label=one.name, linewidth=2, marker="o", ms=5)
    axes.set_ylim(bottom=min(0, axes.get_ylim()[0]), top=axes.get_ylim()[1] * 1.05)
    if len(drawing.series) == 1:
        _write_numbers(axes, drawing.series[0], False)


def draw_heat(axes: Axes, drawing: Drawing) -> None:
    """Groups by series, the darker the larger the number."""
    most = max((value or 0 for one in drawing.series for value in one.values), default=0) or 1
    for column, one in enumerate(drawing.series):
        for row, value in enumerate(one.values):
            share = HEAT_LEAST + (1 - HEAT_LEAST) * max(0, value) / most if value else 0
            ground = _mixed(share)
            axes.barh(row, 0.97, left=column, height=0.94, color=ground)
            if value:
                colour = TEXT if _brightness(ground) > 0.2 else GROUND
                text = one.texts[row]
                axes.text(column + 0.485, row, text, color=colour, ha="center", va="center", size=9)
    axes.set_xlim(0, len(drawing.series))
    axes.set_ylim(-0.5, len(drawing.groups) - 0.5)
    axes.xaxis.tick_top()
    flat = len(drawing.series) <= MOST_HEAT_NAMES_FLAT
    names = [shortened(one.name, 16) for one in drawing.series]
    places = [place + 0.485 for place in range(len(names))]
    axes.set_xticks(places, names, rotation=0 if flat else 60, ha="center" if flat else "left")


def number_text(value: float, sort: str, language: str) -> str:
    """A number of the axis."""
    if sort == "share":
        return str(format_percent(value, locale=language))
    text = str(format_decimal(round(value, 6), locale=language))
    return f"{text} h" if sort == "hours" else text


def shortened(text: str, longest: int = LONGEST_NAME) -> str:
    """A name that has room."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _width(drawing: Drawing, bars: int, lies: bool) -> float:
    """How much of the room of a group so many bars take; few groups make no broad ones."""
    return BAR if lies else min(BAR, BROADEST * bars * len(drawing.groups))


def _bars(
    axes: Axes, one: Series, *, at: Sequence[float], wide: float, foot: list[float], lies: bool
) -> None:
    values = [value or 0 for value in one.values]
    # A thin line of the ground between two bars; the bars would run together.
    how: dict[str, Any] = {
        "color": one.colour,
        "label": one.name,
        "edgecolor": GROUND,
        "linewidth": 0.5,
    }
    if lies:
        axes.barh(at, values, wide, left=foot, **how)
    else:
        axes.bar(at, values, wide, bottom=foot, **how)


def _write_numbers(axes: Axes, one: Series, lies: bool) -> None:
    for at, (value, text) in enumerate(zip(one.values, one.texts, strict=True)):
        if value is not None:
            place = (value, at) if lies else (at, value)
            offset = (4, 0) if lies else (0, 5)
            turn: dict[str, Any] = {"va": "center"} if lies else {"ha": "center"}
            axes.annotate(
                text, place, offset, textcoords="offset points", color=MUTED, size=8, **turn
            )
    axes.margins(x=0.12 if lies else None, y=None if lies else 0.12)


def _mixed(share: float) -> str:
    """Between the ground (0) and the accent (1)."""
    low, high = to_rgb(GROUND), to_rgb(ACCENT)
    red, green, blue = (a + (b - a) * share for a, b in zip(low, high, strict=True))
    return to_hex((red, green, blue))


def _brightness(colour: str) -> float:
    """As WCAG reckons how bright a colour is."""
    red, green, blue = to_rgb(colour)
    return float(0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2)
