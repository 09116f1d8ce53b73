"""R3: the graph of a report as a picture, drawn by a program of its own."""

from __future__ import annotations

import re
import struct
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask import g
from matplotlib.image import imread
from unit.web.report_answers import NOBODY, PIVOT, TOM, row
from unit.web.web_bench import Answers

from services.contracts.reports import Report, ReportQuestion
from services.web.pages.case_graph import COLOURS as HOW_MANY
from services.web.pages.case_graph import STATE_COLOURS
from services.web.report_figures import FIGURES
from services.web.report_mails.drawing import ACCENT, Drawing, Series
from services.web.report_mails.drawing_table import COLOURS, drawing_of
from services.web.report_mails.picture_child import SIGNATURE, PictureFailed, picture_of
from services.web.report_table import report_table

CSS = Path(__file__).parents[3] / "services/web/static/css"


def series(name: str, colour: str, values: tuple[float | None, ...]) -> Series:
    texts = tuple("" if value is None else f"{value:g}" for value in values)
    return Series(name=name, colour=colour, values=values, texts=texts)


def drawing(shape: str, groups: int = 3, several: bool = True, **more: Any) -> Drawing:
    """Open and done cases, or only one of them, of so many people."""
    known = [
        series("Open", COLOURS["is-open"], tuple(float(n % 7) for n in range(groups))),
        series("Done", COLOURS["is-done"], (None, *(float(n % 5) for n in range(1, groups)))),
    ]
    fields = {"title": "Cases", "sort": "number", "language": "en", **more}
    names = tuple(f"Person {n} with $a$ name_{{" for n in range(groups))
    chosen = tuple(known) if several else (series("Cases", ACCENT, known[0].values),)
    return Drawing(shape=shape, groups=names, series=chosen, **fields)


def size_of(picture: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def share_of(picture: bytes, colour: str) -> float:
    """How much of a picture is of this colour."""
    pixels = (imread(BytesIO(picture), format="png")[:, :, :3] * 255).round()
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return float((abs(pixels - wanted).max(axis=2) < 2).mean())


@pytest.mark.parametrize("shape", ["bar", "line", "stacked"])
def test_R3_every_series_is_drawn_in_its_colour(shape: str, tmp_path: Path) -> None:
    picture = picture_of(drawing(shape), tmp_path)
    assert picture.startswith(SIGNATURE)
    width, height = size_of(picture)
    assert width == 1224 and 600 < height < 900
    least = 0.001 if shape == "line" else 0.01
    assert share_of(picture, COLOURS["is-open"]) > least
    assert share_of(picture, COLOURS["is-done"]) > least
    assert share_of(picture, "#ffffff") > 0.5


def test_R3_a_heat_map_is_darkest_where_the_number_is_largest(tmp_path: Path) -> None:
    one = drawing("heat", several=False)
    picture = picture_of(one, tmp_path)
    assert share_of(picture, ACCENT) > 0.1
    assert share_of(picture, COLOURS["is-open"]) == 0


def test_R3_a_picture_is_as_high_as_its_lines_need(tmp_path: Path) -> None:
    sizes = [size_of(picture_of(drawing("bar", n), tmp_path)) for n in (9, 40)]
    assert [width for width, _ in sizes] == [1224, 1224]
    assert sizes[0][1] + 31 * 50 < sizes[1][1] < 6000


@pytest.mark.parametrize("sort", ["number", "hours", "money", "share"])
def test_R3_one_bar_or_none_can_be_drawn(sort: str, tmp_path: Path) -> None:
    for shape in ("bar", "line", "stacked", "heat"):
        one = Drawing(
            shape=shape,
            title="x",
            sort=sort,  # type: ignore[arg-type]
            language="fr",
            groups=("only",),
            series=(Series(name="x", colour=ACCENT, values=(None,), texts=("",)),),
        )
        assert size_of(picture_of(one, tmp_path))[0] == 1224


def test_R3_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(PictureFailed, match=r"longer than 0\.05 seconds"):
        picture_of(drawing("bar"), tmp_path, seconds=0.05)


def test_R3_what_cannot_be_drawn_says_so(tmp_path: Path) -> None:
    broken = drawing("bar")
    short = broken.series[0].model_copy(update={"values": (1.0,)})
    with pytest.raises(PictureFailed, match="it ended with 1: ValueError"):
        picture_of(broken.model_copy(update={"series": (short,)}), tmp_path)


def test_R3_who_draws_is_given_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_SECRET_KEY", "of the tests")
    given: dict[str, Any] = {}

    def run(*_: Any, **how: Any) -> Any:
        given.update(how)
        return subprocess.CompletedProcess([], 0, SIGNATURE, b"")

    monkeypatch.setattr(subprocess, "run", run)
    picture_of(drawing("bar"), tmp_path)
    assert set(given["env"]) == {"PATH", "PYTHONPATH", "MPLBACKEND", "MPLCONFIGDIR"}


def test_R3_its_colours_are_those_of_the_page() -> None:
    base, views = ((CSS / name).read_text() for name in ("base.css", "views.css"))
    light = base.partition('[data-bs-theme="dark"]')[0]
    known = dict(re.findall(r"(--cw-[a-z0-9-]+):\s*(#[0-9a-f]{6})", light))
    graph = views.partition('[data-bs-theme="dark"]')[0]
    known |= dict(re.findall(r"(--cw-graph-\d): (#[0-9a-f]{6})", graph))
    states = dict(re.findall(r"\.is-([a-z]+) \{ --state: var\((--cw-[a-z]+)\)", base))
    states |= dict(re.findall(r"\.cw-swatch\.is-([a-z]+) \{ --state: var\((--cw-[a-z]+)\)", views))
    expected = {f"is-colour-{n}": known[f"--cw-graph-{n}"] for n in range(HOW_MANY)}
    expected |= {f"is-{state}": known[states[state]] for state in STATE_COLOURS}
    assert expected == COLOURS
    assert known["--cw-accent"] == ACCENT


def drawn(web: tuple[APIFlask, Answers], question: ReportQuestion, answer: Any, figure: str) -> Any:
    table = report_table(question, Report.model_validate(answer), [FIGURES[figure]])
    with web[0].test_request_context("/report"):
        g.user = None
        return drawing_of(table, "bar", {})


def test_R3_a_pivot_is_drawn_by_its_columns(web: tuple[APIFlask, Answers]) -> None:
    question = ReportQuestion(by=("user",), columns=("state",))
    found = drawn(web, question, PIVOT, "count")
    assert (found.title, found.groups) == ("Cases", ("Nobody", "Tom Novak"))
    assert [(one.name, one.colour, one.values) for one in found.series] == [
        ("Open", COLOURS["is-open"], (1, 2)),
        ("Done", COLOURS["is-done"], (None, 4)),
    ]


def test_R3_several_currencies_are_told_apart(web: tuple[APIFlask, Answers]) -> None:
    answer = {"rows": [row(1, **TOM), row(2, **TOM, currency="CHF"), row(3, **NOBODY)]}
    found = drawn(web, ReportQuestion(by=("user",)), answer, "count")
    assert found.groups == ("Tom Novak · EUR", "Tom Novak · CHF", "Nobody · EUR")
    assert [one.values for one in found.series] == [(1, 2, 3)]
    assert found.series[0].texts == ("1", "2", "3")
