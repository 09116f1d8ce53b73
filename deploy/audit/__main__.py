"""`python -m deploy.audit FOLDER`: compare all that is pinned with a saved database.

Exit code 0: no hole is known; 1: there is one, or the database is old; 2: it cannot be asked.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deploy.audit.advisories import Audit, UnusableDatabase, audit
from deploy.audit.pins import pins_of

ROOT = Path(__file__).parents[2]
OLDEST = timedelta(days=30)


def main(arguments: list[str] | None = None) -> int:
    """Print what is found; answers the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.audit", description=__doc__)
    parser.add_argument("folder", type=Path, help="holds PyPI/all.zip and npm/all.zip of OSV")
    pins = pins_of(ROOT)
    try:
        found = audit(parser.parse_args(arguments).folder, pins)
    except UnusableDatabase as error:
        print(f"casewire: {error}", file=sys.stderr)
        return 2
    return _told(found, len(pins), datetime.now(UTC))


def _told(found: Audit, pins: int, moment: datetime) -> int:
    for hole in found.holes:
        mended = f"; mended in {', '.join(hole.fixed)}" if hole.fixed else ""
        print(f"{hole.pin.name} {hole.pin.version}: {hole.id} {hole.summary}{mended}")
    is_old = moment - found.newest > OLDEST
    print(
        f"known holes: {len(found.holes)} in {pins} packages, by {found.advisories} advisories,"
        f" the newest of {found.newest:%Y-%m-%d}{': too old, get the database again' * is_old}"
    )
    return int(bool(found.holes) or is_old)


if __name__ == "__main__":
    sys.exit(main())
