"""The gateway's command line: migrate, deliver."""

from __future__ import annotations

import argparse
import os
import sys
from typing import NoReturn

from services.runtime.settings import Settings


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(os.EX_USAGE, f"{self.prog}: {message}\n")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; answers the exit code (those of sysexits for `deliver`)."""
    parser = _Parser(prog="python -m services.mailgw")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    commands.add_parser("migrate", help="bring the database to the present schema")
    deliver = commands.add_parser("deliver", help="take a mail from standard input")
    deliver.add_argument("--account", default="pipe", help="the incoming account it came by")
    chosen = parser.parse_args(arguments)
    if chosen.command == "deliver":
        return _deliver(chosen.account)
    from services.runtime.migration import migrate

    migrate(Settings.load(), "mailgw")
    return 0


def _deliver(account: str) -> int:
    """0 once the mail is durable in the database; 75 when the mail server should try again."""
    try:
        _store(account, sys.stdin.buffer.read())
    except Exception as error:  # noqa: BLE001  whatever it is, the mail server keeps the mail
        print(f"deliver: the mail was not stored, try again later: {error}", file=sys.stderr)
        return os.EX_TEMPFAIL
    return 0


def _store(account: str, raw: bytes) -> None:
    from services.mailgw.actions.store_mail import store_mails
    from services.mailgw.tables import inbox, outbox
    from services.messaging.transaction import Transactions
    from services.runtime.database import open_database

    store_mails(
        Transactions(open_database(Settings.load(), "mailgw"), outbox, inbox), account, [raw]
    )


if __name__ == "__main__":
    sys.exit(main())
