"""`python -m services.web {run,migrate,create-admin,set-password}`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from services.runtime.command_line import service_parser

if TYPE_CHECKING:
    from services.web.settings import WebSettings


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it is done."""
    parser, commands = service_parser("web")
    commands.add_parser("create-admin", help="give the administrator a password, if he has none")
    set_password = commands.add_parser("set-password", help="give a user a new password")
    set_password.add_argument("login", help="the name he signs in with")
    commands.add_parser("rotate-key", help="sign sessions and encrypt secrets with a new key")
    chosen = parser.parse_args(arguments)
    from services.runtime.settings import SettingsError
    from services.web.settings import WebSettings

    try:
        settings = WebSettings.load()
    except SettingsError as error:
        sys.exit(f"web: {error}")
    match chosen.command:
        case "run":
            return _run(settings)
        case "migrate":
            from services.runtime.migration import migrate_command

            return migrate_command(settings, "web")
        case "create-admin":
            from services.web.first_password import create_admin

            return create_admin(settings)
        case "rotate-key":
            return _rotate_key(settings)
        case _:
            from services.web.first_password import ask_and_set

            return ask_and_set(settings, chosen.login)


def _rotate_key(settings: WebSettings) -> int:
    from services.runtime.database import open_database
    from services.web.access.renewing_key import renew_key
    from services.web.access.web_key import KeyGiven

    database = open_database(settings, "web")
    try:
        renewed, lost = renew_key(settings, database)
    except KeyGiven as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        database.close()
    print(f"secrets encrypted anew: {renewed}; of a key that is lost: {lost}")
    print("start the web processes again, one after the other: they read the key at their start")
    return 0


def _run(settings: WebSettings) -> int:
    from services.runtime.management import PortTaken
    from services.web.server import serve

    try:
        serve(settings)
    except PortTaken as error:
        sys.exit(f"web: {error}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
