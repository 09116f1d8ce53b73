"""`python -m services.web.report_mails.picture`: a drawing (JSON) in, a picture (PNG) out.

A program of its own: what draws is large, takes its time, and is given what strangers wrote.
"""

from __future__ import annotations

import io
import sys
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from services.web.report_mails.drawing import Drawing
from services.web.report_mails.picture_parts import (
    GROUND,
    LINE,
    MUTED,
    TEXT,
    draw_bars,
    draw_heat,
    draw_line,
    draw_stacked,
    number_text,
    shortened,
)

WIDTH = 8.5  # inches
DOTS = 144  # per inch
STANDING = 8  # with more groups than these, bars lie
MOST_NAMES = 14
CHARACTERS = 10  # of names have an inch
LEGEND_COLUMNS = 4


def picture(drawing: Drawing) -> bytes:
    """The PNG, WIDTH by as high as its groups need."""
    mpl.rcParams["text.parse_math"] = False  # a name with two $ is no formula
    lies = drawing.shape == "heat" or (drawing.shape != "line" and len(drawing.groups) > STANDING)
    figure = Figure(figsize=(WIDTH, _height(drawing, lies)), dpi=DOTS, facecolor=GROUND)
    FigureCanvasAgg(figure)
    figure.set_layout_engine("constrained", w_pad=0.12, h_pad=0.1)
    axes = figure.add_subplot()
    axes.set_title(drawing.title, loc="left", color=TEXT, fontsize=12, fontweight="bold", pad=12)
    match drawing.shape:
        case "heat":
            draw_heat(axes, drawing)
        case "line":
            draw_line(axes, drawing)
        case "stacked":
            draw_stacked(axes, drawing, lies)
        case _:
            draw_bars(axes, drawing, lies)
    _dress(axes, drawing, lies)
    if len(drawing.series) > 1 and drawing.shape != "heat":
        _explain(figure, drawing)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def _height(drawing: Drawing, lies: bool) -> float:
    legend = 0.0
    if len(drawing.series) > 1 and drawing.shape != "heat":
        legend = 0.25 + 0.22 * -(-len(drawing.series) // LEGEND_COLUMNS)
    if not lies:
        return 4.4 + legend
    bars = len(drawing.series) if drawing.shape == "bar" else 1
    each = 0.36 if drawing.shape != "bar" else 0.16 + 0.2 * min(bars, 12)
    return float(max(2.4, 1.3 + each * len(drawing.groups)) + legend)


def _dress(axes: Axes, drawing: Drawing, lies: bool) -> None:
    """Names of the groups on one axis, numbers on the other, and quiet lines."""
    names, numbers = (axes.yaxis, axes.xaxis) if lies else (axes.xaxis, axes.yaxis)
    every = range(len(drawing.groups))
    shown = list(every) if lies else list(every)[:: -(-len(every) // MOST_NAMES) or 1]
    texts = [shortened(drawing.groups[at]) for at in shown]
    room = WIDTH * CHARACTERS / max(1, len(shown))
    crowded = not lies and max(map(len, texts), default=0) > room
    tilted: dict[str, Any] = {"rotation": 30, "ha": "right"} if crowded else {}
    names.set_ticks(shown, texts, **tilted)
    if lies:
        axes.set_ylim(len(drawing.groups) - 0.4, -0.6)
    else:
        axes.set_xlim(-0.5, len(drawing.groups) - 0.5)
    if drawing.shape != "heat":
        whole = drawing.sort == "number"
        numbers.set_major_locator(MaxNLocator(nbins=6, integer=whole))
        numbers.set_major_formatter(
            FuncFormatter(lambda value, _: number_text(value, drawing.sort, drawing.language))
        )
        numbers.grid(True, color=LINE, linewidth=0.8)
        axes.set_axisbelow(True)
    axes.tick_params(colors=MUTED, length=0, labelsize=9)
    for side in axes.spines.values():
        side.set_visible(False)


def _explain(figure: Figure, drawing: Drawing) -> None:
    figure.legend(
        loc="outside lower left",
        ncols=min(LEGEND_COLUMNS, len(drawing.series)),
        frameon=False,
        fontsize=9,
        labelcolor=MUTED,
    )


def main() -> int:
    """Draw what comes in."""
    drawing = Drawing.model_validate_json(sys.stdin.buffer.read())
    sys.stdout.buffer.write(picture(drawing))
    return 0


if __name__ == "__main__":
    sys.exit(main())
