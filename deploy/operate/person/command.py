"""The arguments, and what is told of what was done."""

from __future__ import annotations

import argparse
from email.utils import parseaddr
from pathlib import Path

from deploy.operate.errors import CannotDo
from deploy.operate.installation import database_of
from deploy.operate.person.delete import delete_person
from deploy.operate.person.export import export_person
from services.cases.erasing import find_person, is_user
from services.contracts.erasure import Erasure
from services.messaging.broker_check import broker_check
from services.runtime.identity import new_id
from services.runtime.settings import Settings

HELP = "hand out all about a person, or erase him"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whom, and what."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    export = acts.add_parser("export", help="write all that is known of him into a ZIP")
    export.add_argument("address", help="his mail address")
    export.add_argument("--to", type=Path, required=True, metavar="FILE.zip")
    delete = acts.add_parser("delete", help="erase him; nothing brings it back but a back-up")
    delete.add_argument("address", help="his mail address")
    delete.add_argument("--yes", action="store_true", help="do it; without it, tell what is there")


def run(given: argparse.Namespace) -> int:
    """Do it; 1 when something is left to be done by hand. Raises CannotDo."""
    settings = Settings.load()
    erasure = _found(settings, given.address)
    print(
        f"{erasure.address}: {len(erasure.cases)} cases, called {', '.join(erasure.names) or '–'}"
    )
    if given.act == "export":
        for name, count in export_person(settings, erasure, given.to.absolute()).items():
            print(f"  {count} × {name}")
        print(f"written to {given.to}")
        return 0
    if not given.yes:
        print("nothing was changed; `person export` shows what is known, --yes erases it")
        return 0
    return _delete(settings, erasure)


def _found(settings: Settings, address: str) -> Erasure:
    _, plain = parseaddr(address)
    if "@" not in plain:
        raise CannotDo(f"{address!r} is no mail address")
    stand_in = f"erased-{new_id()[-12:]}@erased.invalid"
    with database_of(settings, "cases") as database, database.read() as connection:
        if is_user(connection, plain):
            raise CannotDo("he is one of your users: change that user's address first")
        return find_person(connection, plain, stand_in)


def _delete(settings: Settings, erasure: Erasure) -> int:
    if trouble := broker_check(settings.amqp_uri)():
        raise CannotDo(f"{trouble}; what waits there may name him")
    counted, left = delete_person(settings, erasure)
    for name, count in sorted(counted.items()):
        if count:
            print(f"  {count} × {name}")
    print("kept: the cases with their dates, states, sections and numbers, so that reports stay")
    for one in left:
        print(f"left: {one}")
    if left:
        print("run the same command again when that is done")
    return int(bool(left))
