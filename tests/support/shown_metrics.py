"""Every metric that the services show to Prometheus, and what a question to Prometheus names."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVICES = ("cases", "rules", "mailgw", "reporting", "web")
NAME = re.compile(r"\bcasewire_[a-z0-9_]+\b")
# Prometheus puts these on all that it scrapes (deploy/prometheus/prometheus.yml).
OF_TARGETS = {"job", "instance", "service"}
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


def metrics_of(question: str) -> set[str]:
    """The metrics that a question names, `up` among them."""
    return {*NAME.findall(question), *re.findall(r"\bup\b", question)}


def unknown_metrics(question: str) -> set[str]:
    """Those that no service shows."""
    return metrics_of(question) - set(shown()) - {"up"}


def unknown_labels(question: str) -> set[str]:
    """The labels that a question matches or groups by, and its metrics do not have."""
    asked = {
        (name, label)
        for name, matchers in MATCHED.findall(question)
        for label in re.findall(r'(\w+)(?:=~|!~|!=|=)"', matchers)
    }
    unknown = {label for name, label in asked if label not in shown()[name] | OF_TARGETS}
    known = OF_TARGETS.union(*(shown()[name] for name in NAME.findall(question)), {"le"})
    grouped = {
        label.strip()
        for labels in re.findall(r"\bby \(([^)]*)\)", question)
        for label in labels.split(",")
    }
    return unknown | (grouped - known)
