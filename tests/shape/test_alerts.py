"""O1: every alert asks for what there is, comes when it should, and says what to do."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest
import yaml
from support.shown_metrics import ROOT, metrics_of, unknown_labels, unknown_metrics

PROMETHEUS = ROOT / "deploy" / "prometheus"
RULES = PROMETHEUS / "rules" / "casewire.yml"
TESTS = PROMETHEUS / "tests" / "casewire.test.yml"
ALERTS: list[dict[str, Any]] = [
    rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]
]
NAMED = pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])


@pytest.mark.parametrize("command", [["check", "rules", RULES], ["test", "rules", TESTS]])
def test_O1_promtool_is_content(command: list[Any]) -> None:
    done = subprocess.run(["promtool", *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@NAMED
def test_O1_an_alert_asks_for_metrics_and_labels_that_there_are(alert: dict[str, Any]) -> None:
    question = alert["expr"]
    assert metrics_of(question)
    assert not unknown_metrics(question)
    assert not unknown_labels(question)


@NAMED
def test_O1_an_alert_is_tested_to_come_and_not_to_come(alert: dict[str, Any]) -> None:
    tested = [
        bool(one["exp_alerts"])
        for test in yaml.safe_load(TESTS.read_text())["tests"]
        for one in test["alert_rule_test"]
        if one["alertname"] == alert["alert"]
    ]
    assert set(tested) == {True, False}


def test_O1_the_runbook_has_an_entry_for_each_alert_and_for_no_other() -> None:
    runbook = (ROOT / "docs" / "runbook.md").read_text()
    entries = re.findall(r"^## (\w+)$", runbook, re.MULTILINE)
    assert entries == [alert["alert"] for alert in ALERTS]
    for alert in ALERTS:
        where = alert["annotations"]["runbook"]
        assert where == f"docs/runbook.md#{alert['alert'].lower()}"
    for entry in runbook.split("\n## ")[1:]:
        assert all(f"**{word}:**" in entry for word in ("Means", "Noticed", "Look", "Do")), entry


def test_O1_every_alert_has_its_figure_on_the_dashboard_of_operations() -> None:
    dashboard = (ROOT / "deploy/grafana/dashboards/operations.json").read_text()
    shown = metrics_of(dashboard)
    for alert in ALERTS:
        assert metrics_of(alert["expr"]) <= shown, alert["alert"]
