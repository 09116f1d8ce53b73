"""`python -m services.rules {run,migrate,load,list,fill_history}`."""

from __future__ import annotations

import argparse
import sys

from services.runtime.command_line import service_parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it is done, 1 when it could not be, with a word on why."""
    parser, commands = service_parser("rules")
    load = commands.add_parser("load", help="add or replace rules from a YAML file")
    load.add_argument("file", help="the file, or - for standard input")
    load.add_argument(
        "--fire-overdue", action="store_true", help="let timed rules fire what is overdue already"
    )
    commands.add_parser("list", help="show the rules in the order of judging")
    commands.add_parser(
        "fill_history", help="read the past that rules can be tried on from the cases service"
    )
    chosen = parser.parse_args(arguments)
    if chosen.command == "run":
        from services.messaging.serve import serve

        serve("rules")
        return 0
    return _short(chosen)


def _short(chosen: argparse.Namespace) -> int:
    """A command that ends by itself."""
    from sqlalchemy.exc import DBAPIError

    from services.runtime.settings import Settings, SettingsError

    try:
        if chosen.command == "migrate":
            from services.runtime.migration import migrate_command

            return migrate_command(Settings.load(), "rules")
        return _with_wiring(chosen)
    except (SettingsError, DBAPIError) as error:
        print(f"rules: {error} (is the database migrated?)", file=sys.stderr)
        return 1


def _with_wiring(chosen: argparse.Namespace) -> int:
    from services.rules import command_line
    from services.rules.wiring import build
    from services.runtime import logs

    wiring = build()
    logs.configure(wiring.settings.model_copy(update={"log_level": "WARNING"}), "rules")
    try:
        if chosen.command == "load":
            return command_line.load(wiring, chosen.file, fire_overdue=chosen.fire_overdue)
        if chosen.command == "fill_history":
            return command_line.fill_history(wiring)
        return command_line.show(wiring)
    finally:
        wiring.close()


if __name__ == "__main__":
    sys.exit(main())
