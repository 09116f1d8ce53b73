"""`python -m deploy.local.databases`: bring the database of every service to its present schema.

One process for all five: starting Python for each would take longer than the migrations.
"""

from __future__ import annotations

import sys

from sqlalchemy.exc import OperationalError

from services.runtime.migration import migrate
from services.runtime.settings import Settings, SettingsError

SERVICES = ("cases", "rules", "mailgw", "reporting", "web")


def main() -> int:
    """Migrate; 0 when all is done, 1 with one sentence when a database is not to be had."""
    try:
        settings = Settings.load()
        for name in SERVICES:
            migrate(settings, name)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    except OperationalError as error:
        where = "DATABASE_URL" if settings.database_url else f"the folder {settings.home}"
        print(f"{where}: the database cannot be opened: {error.orig}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
