"""Mails flow in and out while everything breaks at random moments of one seed; nothing is lost.

`make faults` does the same for as long as one likes, with any seed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from faults.storm.journal import Journal
from faults.storm.plan import KINDS, ONLY_POSTGRESQL
from faults.storm.run import Storm, run

pytestmark = pytest.mark.timeout(900)  # seconds; what was struck comes to rest in its own time

SEED, SECONDS, MAILS, FAULTS = 44, 300.0, 500, 45
# A disk that can be filled up needs root and the right to mount; `make faults` fills one.
NOT_HERE = {*ONLY_POSTGRESQL, "disk full"}


def test_nothing_is_lost_or_doubled_whatever_breaks(tmp_path: Path) -> None:
    """Of all that this machine can break each strikes once at least, some several times."""
    storm = Storm(seed=SEED, seconds=SECONDS, mails=MAILS, faults=FAULTS, small_disk=False)
    verdict, record = run(storm, tmp_path, print)
    journal = Journal(tmp_path / "journal.sqlite3")
    struck = {kind for (kind,) in journal.rows("SELECT DISTINCT kind FROM faults")}
    journal.close()
    assert verdict.is_good, verdict
    assert record.troubles == []
    assert struck == set(KINDS) - NOT_HERE
