"""O1: what the dashboards of Grafana ask for is what the services show to Prometheus."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from support.shown_metrics import ROOT, metrics_of, unknown_labels, unknown_metrics

DASHBOARDS = sorted((ROOT / "deploy" / "grafana" / "dashboards").glob("*.json"))


def questions(path: Path) -> list[str]:
    """Each question to Prometheus in a dashboard: those of panels, and those of its variables."""
    dashboard = json.loads(path.read_text())
    asked = [one["expr"] for panel in dashboard["panels"] for one in panel["targets"]]
    return [*asked, *(one["query"]["query"] for one in of_prometheus(dashboard))]


def of_prometheus(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in dashboard["templating"]["list"] if one["type"] == "query"]


def test_O1_there_is_a_dashboard_of_what_reports_tell_and_one_of_operations() -> None:
    assert [path.name for path in DASHBOARDS] == ["operations.json", "reports.json"]
    asked = " ".join(questions(ROOT / "deploy/grafana/dashboards/reports.json"))
    wanted = {
        "casewire_open_cases",
        "casewire_oldest_open_case_age_seconds",
        "casewire_case_delay_seconds_bucket",
    }
    assert wanted <= metrics_of(asked)


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_O1_each_question_is_of_metrics_that_the_services_show(path: Path) -> None:
    for question in questions(path):
        assert metrics_of(question) and not unknown_metrics(question), question


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_O1_each_question_is_by_labels_that_its_metrics_have(path: Path) -> None:
    for question in questions(path):
        assert not unknown_labels(question), question


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_O1_its_panels_stand_beside_each_other_and_its_variables_are_there(path: Path) -> None:
    dashboard = json.loads(path.read_text())
    taken: dict[tuple[int, int], str] = {}
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24, panel["title"]
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert taken.setdefault((x, y), panel["title"]) == panel["title"]
    variables = {one["name"] for one in dashboard["templating"]["list"]}
    used = set(re.findall(r"\$\{?([a-z]+)", path.read_text()))
    assert used == variables, "each variable is used, and each that is used is there"
    for question in questions(path):
        assert all(question.count(a) == question.count(b) for a, b in ("()", "{}", "[]"))
