"""O1: what the dashboards of Grafana ask for is what the services show to Prometheus."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DASHBOARDS = sorted((ROOT / "deploy" / "grafana" / "dashboards").glob("*.json"))
SERVICES = ("cases", "rules", "mailgw", "reporting", "web")
NAME = re.compile(r"\bcasewire_[a-z0-9_]+\b")
MATCHED = re.compile(r"(casewire_[a-z0-9_]+)\{([^}]*)\}")
# Run for one service by itself: two services may show a metric of the same name. What only
# looking at the facts brings is shown something.
SHOWN = """
import json, sys
from datetime import UTC, datetime
from importlib import import_module
from prometheus_client import REGISTRY
import services.messaging.metrics
metrics = import_module(f"services.{sys.argv[1]}.metrics")
if sys.argv[1] == "reporting":
    metrics.CASES.open_cases = metrics.OpenCases({("x", "open"): 1}, {"x": datetime.now(UTC)})
    metrics.CASES.delays = metrics.Delays([1] * len(metrics.DELAYS), 1, 1.0)
ENDS = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"], "gauge": [""]}
found = {}
for family in REGISTRY.collect():
    made = getattr(REGISTRY, "_names_to_collectors", {}).get(family.name)
    labels = set(getattr(made, "_labelnames", ()))
    labels |= {label for sample in family.samples for label in sample.labels}
    for end in ENDS.get(family.type, []):
        found.setdefault(family.name + end, []).extend(sorted(labels))
print(json.dumps(found))
"""


@cache
def shown() -> dict[str, set[str]]:
    """Every metric that a service shows, with the labels it has."""
    found: dict[str, set[str]] = {}
    for service in SERVICES:
        command = [sys.executable, "-c", SHOWN, service]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        for name, labels in json.loads(done.stdout).items():
            found.setdefault(name, set()).update(labels)
    return found


def questions(path: Path) -> list[str]:
    """Each question to Prometheus in a dashboard: those of panels, and those of its variables."""
    dashboard = json.loads(path.read_text())
    asked = [one["expr"] for panel in dashboard["panels"] for one in panel["targets"]]
    return [*asked, *(one["query"]["query"] for one in of_prometheus(dashboard))]


def of_prometheus(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in dashboard["templating"]["list"] if one["type"] == "query"]


def test_O1_there_is_a_dashboard_of_what_reports_tell() -> None:
    assert "reports.json" in [path.name for path in DASHBOARDS]
    asked = " ".join(questions(ROOT / "deploy/grafana/dashboards/reports.json"))
    wanted = {
        "casewire_open_cases",
        "casewire_oldest_open_case_age_seconds",
        "casewire_case_delay_seconds_bucket",
    }
    assert wanted <= set(NAME.findall(asked))


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_O1_each_question_is_of_metrics_that_the_services_show(path: Path) -> None:
    unknown = {
        name: question
        for question in questions(path)
        for name in NAME.findall(question) or [""]
        if name not in shown()
    }
    assert unknown == {}


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_O1_each_question_is_by_labels_that_its_metrics_have(path: Path) -> None:
    for question in questions(path):
        for name, matchers in MATCHED.findall(question):
            asked = set(re.findall(r'(\w+)(?:=~|!~|!=|=)"', matchers))
            assert asked <= shown()[name], question
        grouped = {
            label.strip()
            for labels in re.findall(r"\bby \(([^)]*)\)", question)
            for label in labels.split(",")
        }
        known = set().union(*(shown()[name] for name in NAME.findall(question)))
        assert grouped <= known, question


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
