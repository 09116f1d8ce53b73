"""The gateway's command line: run, migrate, deliver, load, and what operators do with mails."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

from services.mailgw.hand_over import hand_over

MOST_NAME_CHARACTERS = 100
OF_ONE_MAIL = {
    "mail": "show a mail that came in: what each filter said of it, and where it went",
    "retry": "try an unreadable mail again, let in one held as spam, make a case of one set aside",
    "raw": "write a mail to standard output as it came",
    "send": "try a mail of the outgoing queue again now",
    "give-up": "give a mail of the outgoing queue up; its case is told",
}
OF_ONE_ACCOUNT = {
    "show": "write its fields as `load` takes them, without the secrets",
    "test": "try its server, and say in words what is wrong",
    "approve": "use it from now on",
    "stop": "use it no longer",
    "fetch": "fetch its mails now",
}
OF_ACCOUNTS = {"accounts", "rotate-key"}
OF_MAILS = {*OF_ONE_MAIL, "mails", "filters", "queue"}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(os.EX_USAGE, f"{self.prog}: {message}\n")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; answers the exit code (those of sysexits for `deliver`)."""
    chosen = _parser().parse_args(arguments)
    if chosen.command == "deliver":
        return _deliver(chosen.account)
    if chosen.command == "load":
        return _load(chosen.file)
    if chosen.command in OF_MAILS:
        from services.mailgw.mail_commands import run

        return run(chosen)
    if chosen.command in OF_ACCOUNTS:
        from services.mailgw.account_commands import run as run_for_accounts

        return run_for_accounts(chosen)
    if chosen.command == "run":
        from services.messaging.serve import serve

        serve("mailgw")
        return 0
    from services.runtime.migration import migrate_command
    from services.runtime.settings import Settings

    return migrate_command(Settings.load(), "mailgw")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m services.mailgw")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    commands.add_parser("run", help="run the service until it is told to stop")
    commands.add_parser("migrate", help="bring the database to the present schema")
    deliver = commands.add_parser("deliver", help="take a mail from standard input")
    deliver.add_argument("--account", default="pipe", help="the incoming account it came by")
    load = commands.add_parser("load", help="save and approve the accounts of a YAML file")
    load.add_argument("file", type=Path)
    commands.add_parser("rotate-key", help="encrypt all stored secrets with a new key")
    _add_commands_of_accounts(commands)
    _add_commands_of_mails(commands)
    return parser


def _add_commands_of_accounts(commands: Any) -> None:
    told = "list mail accounts, look at one, try it, use it, fetch it"
    acts = commands.add_parser("accounts", help=told).add_subparsers(
        dest="act", required=True, parser_class=_Parser
    )
    acts.add_parser("list", help="every account, and how it fares")
    for name, what in OF_ONE_ACCOUNT.items():
        act = acts.add_parser(name, help=what)
        act.add_argument("name")
        act.add_argument("--direction", choices=("incoming", "outgoing"))


def _add_commands_of_mails(commands: Any) -> None:
    for name, told in OF_ONE_MAIL.items():
        commands.add_parser(name, help=told).add_argument("id", help="as lists show it")
    commands.add_parser("filters", help="list what is asked of each mail, in order")
    mails = commands.add_parser("mails", help="list the mails that came in, the newest first")
    mails.add_argument("--q", default="", help="words in sender or subject, or their beginnings")
    mails.add_argument("--account", default="")
    statuses = ("stored", "filed", "own", "aside", "quarantined")
    mails.add_argument("--status", choices=statuses)
    mails.add_argument("--case", type=int, help="the number of a case")
    mails.add_argument("--before", help="go on behind the mail of this id")
    queue = commands.add_parser("queue", help="list the outgoing mails that wait")
    queue.add_argument("--failed", action="store_true", help="those given up instead")
    queue.add_argument("--after", help="go on where a list before ended")
    for lists in (mails, queue):
        lists.add_argument("--limit", type=int, default=50)


def _deliver(account: str) -> int:
    """0 once the mail is durable in the database; 75 when the mail server should try again.

    A gateway that runs here takes it; else it is stored by this process itself.
    """
    try:
        raw = sys.stdin.buffer.read()
        _check_name(account)
        if not hand_over(account, raw):
            _store(account, raw)
    except Exception as error:  # noqa: BLE001  whatever it is, the mail server keeps the mail
        print(f"deliver: not stored, try again later: {_sentence(error)}", file=sys.stderr)
        return os.EX_TEMPFAIL
    return 0


def _check_name(account: str) -> None:
    if not 0 < len(account) <= MOST_NAME_CHARACTERS:
        raise ValueError(f"an account's name has 1 to {MOST_NAME_CHARACTERS} characters")


def _store(account: str, raw: bytes) -> None:
    from services.mailgw.actions.store_mail import store_mails
    from services.mailgw.tables import inbox, outbox
    from services.messaging.transaction import Transactions
    from services.runtime.database import open_database
    from services.runtime.settings import Settings

    database = open_database(Settings.load(), "mailgw")
    store_mails(Transactions(database, outbox, inbox), account, [raw])


def _sentence(error: Exception) -> str:
    text = str(getattr(error, "orig", None) or error)
    if "no such table" in text or "UndefinedTable" in type(getattr(error, "orig", None)).__name__:
        return "the database is not set up: run `python -m services.mailgw migrate` first"
    return " ".join(text.split())


def _load(path: Path) -> int:
    """0 when all accounts are saved and approved; 65 when the file has to be corrected."""
    from services.contracts.errors import InvalidRequest
    from services.mailgw.actions.load_accounts import load_accounts
    from services.mailgw.errors import GatewayError
    from services.mailgw.tables import inbox, outbox
    from services.mailgw.wiring import vault_of
    from services.messaging.transaction import Transactions
    from services.runtime.database import open_database
    from services.runtime.settings import Settings

    settings = Settings.load()
    transactions = Transactions(open_database(settings, "mailgw"), outbox, inbox)
    try:
        count = load_accounts(transactions, vault_of(settings), path)
    except (InvalidRequest, GatewayError) as error:
        print(f"load: {error}", file=sys.stderr)
        return os.EX_DATAERR
    print(f"{count} account{'' if count == 1 else 's'} saved and approved")
    return 0


if __name__ == "__main__":
    sys.exit(main())
