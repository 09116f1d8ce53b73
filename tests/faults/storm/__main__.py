"""`make faults`: a stream of mails, faults at random moments, and a checker that decides.

`PYTHONPATH=.:tests .venv/bin/python -W ignore -m faults.storm --seed 7 --minutes 60 --mails 25000
--faults 220`; `--postgresql` takes an own PostgreSQL, which is killed, too. The verdict is printed
and written to `--record`; the exit code is 1 on any violation.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from faults.storm.journal import Journal
from faults.storm.run import Storm, run
from support.system import ROOT

SEED, MINUTES = 7, 4.0
MAILS_A_SECOND, FAULTS_A_MINUTE = 5.0, 5.0


def main() -> int:
    """Run one storm; 0 when every check holds."""
    parser = argparse.ArgumentParser(prog="python -m faults.storm", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED, help="of mails, faults and moments")
    parser.add_argument(
        "--minutes", type=float, default=MINUTES, help="of storm; rest comes behind"
    )
    parser.add_argument("--mails", type=int, help="that come in; 5 a second unless given")
    parser.add_argument("--faults", type=int, help="that strike; 5 a minute unless given")
    parser.add_argument("--postgresql", action="store_true", help="instead of SQLite")
    parser.add_argument("--record", type=Path, default=ROOT / "build" / "faults")
    parser.add_argument("--keep", type=Path, help="a new folder for databases, journal and logs")
    chosen = parser.parse_args()
    seconds = chosen.minutes * 60
    storm = Storm(
        seed=chosen.seed,
        seconds=seconds,
        mails=round(seconds * MAILS_A_SECOND) if chosen.mails is None else chosen.mails,
        faults=round(chosen.minutes * FAULTS_A_MINUTE) if chosen.faults is None else chosen.faults,
        postgresql=chosen.postgresql,
    )
    chosen.record.parent.mkdir(parents=True, exist_ok=True)
    if chosen.keep:
        chosen.keep.mkdir(parents=True)
        return _run(storm, chosen.keep, chosen.record)
    with tempfile.TemporaryDirectory(prefix="casewire-storm-") as folder:
        return _run(storm, Path(folder), chosen.record)


def _run(storm: Storm, folder: Path, record: Path) -> int:
    begin = time.monotonic()
    verdict, told = run(storm, folder, say)
    journal = Journal(folder / "journal.sqlite3")
    files = told.write(journal, verdict, record)
    journal.close()
    say(files[1].read_text())
    say(f"record: {files[0]}, {files[1]}; {time.monotonic() - begin:.0f} s in all")
    return 0 if verdict.is_good and not told.troubles else 1


def say(words: str) -> None:
    """At once, for whoever watches."""
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())
