"""`python -m services.cases {run,migrate,new_reply_key}`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from services.runtime.command_line import service_parser

if TYPE_CHECKING:
    from services.runtime.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it is done."""
    parser, commands = service_parser("cases")
    commands.add_parser("new_reply_key", help="sign reply addresses with another key from now on")
    chosen = parser.parse_args(arguments)
    if chosen.command == "run":
        from services.messaging.serve import serve

        serve("cases")
        return 0
    from services.runtime.settings import Settings

    settings = Settings.load()
    if chosen.command == "new_reply_key":
        _new_reply_key(settings)
        return 0
    from services.runtime.migration import migrate_command

    return migrate_command(settings, "cases")


def _new_reply_key(settings: Settings) -> None:
    from services.cases.reply_keys import new_key
    from services.runtime.database import open_database

    database = open_database(settings, "cases")
    try:
        with database.write() as connection:
            new_key(connection)
    finally:
        database.close()
    print("a new key signs; addresses signed with the older ones go on working")


if __name__ == "__main__":
    sys.exit(main())
