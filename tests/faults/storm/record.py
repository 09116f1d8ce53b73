"""The record of a storm: for people in Markdown, for programs in JSON."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from faults.storm.journal import Journal
from faults.storm.verdict import Verdict
from support.system import ROOT

PARTS = ("nameko", "kombu", "amqp", "eventlet", "SQLAlchemy", "pydantic")


def versions() -> dict[str, str]:
    """Of what runs, and on what."""
    commit = _said("git", "rev-parse", "--short", "HEAD")
    changed = " and what is not committed" if _said("git", "status", "--porcelain") else ""
    broker = _said("dpkg-query", "-W", "-f", "${Version}", "rabbitmq-server")
    database = _said("dpkg-query", "-W", "-f", "${Version}", "postgresql-15")
    machine = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}"
    found = {"Casewire": f"commit {commit}{changed}", "Python": platform.python_version()}
    found |= {name: version(name) for name in PARTS}
    return found | {"RabbitMQ": broker, "PostgreSQL": database, "machine": machine}


@dataclass
class Record:
    """What is told of a run: how it was called, what struck, what was found.

    `durations` are in seconds, by the name of the part; `troubles` are those of the storm itself.
    """

    settings: dict[str, Any]
    durations: dict[str, float] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=versions)  # those it began with

    def write(self, journal: Journal, verdict: Verdict, at: Path) -> tuple[Path, Path]:
        """Write both forms beside each other; where they are."""
        told = self._told(journal, verdict)
        files = at.with_suffix(".json"), at.with_suffix(".md")
        files[0].write_text(json.dumps(told, indent=1, ensure_ascii=False, default=str) + "\n")
        files[1].write_text(_markdown(told))
        return files

    def _told(self, journal: Journal, verdict: Verdict) -> dict[str, Any]:
        faults = list(journal.rows("SELECT number, kind, told, begun, ended, note FROM faults"))
        begun = min((row[3] for row in faults), default=0.0)
        keys = ("number", "kind", "told", "begun", "ended", "note")
        listed = [dict(zip(keys, row, strict=True)) for row in faults]
        deaths = journal.rows("SELECT service, code, at, tail FROM deaths ORDER BY at")
        return {
            "good": verdict.is_good and not self.troubles,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "settings": self.settings,
            "versions": self.versions,
            "durations": {name: round(value, 1) for name, value in self.durations.items()},
            "checked_in": round(verdict.seconds, 1),
            "given": dict(_counted(journal, "SELECT kind, count(*) FROM given GROUP BY kind")),
            "struck": dict(sorted(Counter(row[1] for row in faults).items())),
            "faults_since": datetime.fromtimestamp(begun, UTC).isoformat(),
            "faults": listed,
            "ended by themselves": [list(row) for row in deaths],
            "troubles": self.troubles,
            "more": self.more,
            "findings": [
                {
                    "check": one.name,
                    "counts": dict(sorted(one.counts.items())),
                    "wrong_count": one.wrong_count,
                    "wrong": one.wrong,
                    "explained": one.explained,
                }
                for one in verdict.findings
            ],
        }


def _said(*command: str) -> str:
    """What a program says; it may be missing here."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "unknown"
    return done.stdout.strip() or ("" if done.returncode == 0 else "unknown")


def _counted(journal: Journal, question: str) -> Iterable[tuple[str, int]]:
    return ((str(name), int(count)) for name, count in journal.rows(question))


def _markdown(told: dict[str, Any]) -> str:
    good = "nothing is lost, nothing took effect twice"
    if any(one["wrong_count"] for one in told["findings"]):
        good = "**violations found**"
    elif told["troubles"]:
        good += ", **but the storm itself had troubles** (below)"
    lines = ["# A storm of faults", "", f"Verdict: {good}.", ""]
    rows = {**told["settings"], **told["versions"]}
    rows |= {f"{name} (s)": value for name, value in told["durations"].items()}
    rows |= {"checked in (s)": told["checked_in"], "ended": told["at"], **told["more"]}
    lines += ["| what | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())]
    lines += ["", "## What came in", "", *_table("mails", told["given"])]
    lines += ["", "## What struck", "", *_table("fault", told["struck"])]
    lines += ["", "## What was found"]
    for one in told["findings"]:
        mark = f"{one['wrong_count']} violations" if one["wrong_count"] else "holds"
        lines += [
            "",
            f"### {one['check'].capitalize()}: {mark}",
            "",
            *_table("what", one["counts"]),
        ]
        lines += ["", *(f"- wrong: {sentence}" for sentence in one["wrong"])]
        if one["explained"]:
            lines += ["", *(f"- explained: {sentence}" for sentence in one["explained"])]
    if told["ended by themselves"]:
        lines += ["", "## Services that ended by themselves, and were started again", ""]
        lines += [
            f"- {service}, exit code {code}" for service, code, *_ in told["ended by themselves"]
        ]
    if told["troubles"]:
        lines += ["", "## Troubles of the storm itself", ""]
        lines += [f"- {one}" for one in told["troubles"]]
    return "\n".join(lines) + "\n"


def _table(head: str, counts: dict[str, int]) -> list[str]:
    rows = [f"| {name} | {count} |" for name, count in counts.items()]
    return [f"| {head} | |", "|---|---|", *rows]
