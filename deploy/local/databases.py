"""`python -m deploy.local.databases`: bring the database of every service to its present schema.

One process for all five: starting Python for each would take longer than the migrations.
"""

from __future__ import annotations

import sys

from sqlalchemy.exc import DBAPIError

from services.runtime.migration import SchemaIsTooNew, migrate
from services.runtime.settings import Settings, SettingsError

SERVICES = ("cases", "rules", "mailgw", "reporting", "web")


def main() -> int:
    """Migrate; 0 when all is done, 1 with one sentence when a database is not to be had."""
    try:
        settings = Settings.load()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    where = "DATABASE_URL" if settings.database_url else f"CASEWIRE_HOME ({settings.home})"
    for name in SERVICES:
        try:
            migrate(settings, name)
        except DBAPIError as error:
            print(f"{where}: the database of {name} cannot be used: {error.orig}", file=sys.stderr)
            return 1
        except SchemaIsTooNew as error:
            print(
                f"{where}: the database of {name} is of a newer version of Casewire: {error}",
                file=sys.stderr,
            )
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
