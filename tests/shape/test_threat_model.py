"""The threat model leans on tests: each that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_O3_every_defence_is_shown_by_a_test_that_there_is() -> None:
    model = (ROOT / "docs" / "threat-model.md").read_text()
    named = set(re.findall(r"`(test_\w+)`", model))
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^\s*def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    assert len(named) > 20
    assert named <= there, sorted(named - there)
    tables = re.findall(r"^\| threat \|.*\n\|[-|]+\n((?:\|.*\n)+)", model, re.MULTILINE)
    assert len(tables) == 3
    for row in "".join(tables).splitlines():
        assert re.search(r"`test_\w+`", row.split("|")[3]), row
