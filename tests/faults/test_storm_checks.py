"""The checker of storms sees what it is there for: each violation that is planted, and no other.

A short storm with a kill is run once; each violation is planted in a copy of what it left.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from faults.storm.checks.finding import Finding
from faults.storm.checks.outgoing import check_outgoing
from faults.storm.checks.rest import check_rest
from faults.storm.evidence import Evidence, Held
from faults.storm.journal import Journal
from faults.storm.run import Storm, run
from faults.storm.settling import rules_clock
from faults.storm.verdict import CHECKS, Check, Verdict, judge

pytestmark = pytest.mark.timeout(600)  # seconds; many processes start, or much is checked

VIOLATIONS: dict[str, list[dict[str, str]]] = yaml.safe_load(
    Path(__file__).with_name("storm_violations.yaml").read_text()
)
BY_NAME = {check.__name__.removeprefix("check_"): check for check in CHECKS}
SECONDS, MAILS, FAULTS = 8.0, 70, 1


@dataclass(frozen=True)
class Left:
    """What the storm left: the folder with databases and journal, and the verdict."""

    folder: Path
    verdict: Verdict


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    folder = tmp_path_factory.mktemp("storm")
    storm = Storm(seed=5, seconds=SECONDS, mails=MAILS, faults=FAULTS, small_disk=False)
    verdict, record = run(storm, folder, print)
    assert record.troubles == []
    return Left(folder, verdict)


@pytest.fixture
def copy(left: Left, tmp_path: Path) -> Iterator[Path]:
    shutil.copytree(
        left.folder / "home", tmp_path / "home", ignore=shutil.ignore_patterns("*.sock")
    )
    for path in left.folder.glob("journal.sqlite3*"):
        shutil.copy(path, tmp_path)
    yield tmp_path


def evidence_in(folder: Path, *held: Held) -> Evidence:
    journal = Journal(folder / "journal.sqlite3")
    return Evidence.of_files(folder / "home", journal, held=held, until=rules_clock())


def plant(folder: Path, where: str, statement: str) -> None:
    name = "journal.sqlite3" if where == "journal" else f"home/{where}.sqlite3"
    with closing(sqlite3.connect(folder / name)) as database, database:
        assert database.execute(statement).rowcount > 0, "nothing was planted"


def found(check: Check, evidence: Evidence) -> Finding:
    try:
        return check(evidence)
    finally:
        evidence.close()
        evidence.journal.close()


@pytest.mark.timeout(240)
def test_M12_a_short_storm_breaks_nothing(left: Left) -> None:
    wrong = [sentence for finding in left.verdict.findings for sentence in finding.wrong]
    assert wrong == []
    counts = {finding.name: finding.counts for finding in left.verdict.findings}
    assert counts["each accepted mail is one message on one case"]["given"] == MAILS
    assert counts["each reply by the API stands once on its case"]["replies"] > 0
    assert counts["each due rule fired once"]["waits that were due"] > 0


@pytest.mark.parametrize(
    ("name", "violation"),
    [(name, one) for name, violations in VIOLATIONS.items() for one in violations],
    ids=lambda given: given["name"] if isinstance(given, dict) else given,
)
def test_M12_the_checker_finds_what_is_planted(
    copy: Path, name: str, violation: dict[str, str]
) -> None:
    plant(copy, violation["where"], violation["statement"])
    finding = found(BY_NAME[name], evidence_in(copy))
    assert any(violation["says"] in sentence for sentence in finding.wrong), finding.wrong


def test_M12_each_check_has_a_violation_to_find() -> None:
    assert set(VIOLATIONS) == set(BY_NAME)


def test_M12_an_untouched_copy_is_found_to_be_good(copy: Path) -> None:
    evidence = evidence_in(copy)
    verdict = judge(evidence)
    evidence.close()
    assert verdict.is_good


def test_M12_a_mail_that_came_twice_is_explained_by_a_kill_at_that_moment(copy: Path) -> None:
    twice = "INSERT INTO arrived SELECT message_id, recipient, 5, connection, mark FROM arrived"
    plant(copy, "journal", f"{twice} LIMIT 1")
    plant(copy, "mailgw", "UPDATE outgoing SET attempts = 2")
    killed = "(99, 'kill service', 'mailgw', 'kill service: mailgw', 6, 7, '')"
    plant(copy, "journal", f"INSERT INTO faults VALUES {killed}")
    finding = found(check_outgoing, evidence_in(copy))
    assert finding.wrong == [] and finding.counts["arrived once more"] == 1
    assert "came again for fault #99" in finding.explained[0]


def test_M12_a_letter_in_the_broker_is_wrong_unless_it_is_poison(copy: Path) -> None:
    plant(copy, "journal", "INSERT INTO poison VALUES ('bad', 'casewire.web')")
    held = (
        Held("casewire.web.dead", "bad", "case.created"),
        Held("casewire.web.dead", "good", "case.created"),
        Held("casewire.cases.retry.30", "slow", "mail.received"),
    )
    finding = found(check_rest, evidence_in(copy, *held))
    assert finding.wrong == [
        "case.created good is in casewire.web.dead",
        "mail.received slow is in casewire.cases.retry.30",
    ]
