"""Erasing a person from every service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import String, cast, select

from deploy.operate.installation import overwriting_database_of as database_of
from deploy.operate.person.export import hashes_of
from deploy.operate.person.places import places_of, still_named
from deploy.operate.person.quiet import wait_until_quiet
from services.cases import erasing as of_cases
from services.cases import tables as cases_tables
from services.contracts.erasure import Erasure
from services.contracts.routes import ROUTES
from services.mailgw import erasing as of_mailgw
from services.mailgw import tables as mailgw_tables
from services.messaging.dead_letters import DeadLetters
from services.messaging.erasing import rewrite
from services.messaging.transaction import Transactions
from services.runtime.file_store import open_file_store
from services.runtime.settings import Settings

# Where else an attachment may be named: the same bytes may have come by another's mail.
NAMING_FILES = {
    "cases": (cases_tables.messages.c.attachments, cases_tables.outbox.c.body),
    "mailgw": (
        mailgw_tables.outgoing.c.payload,
        mailgw_tables.kept_parts.c.sha256,
        mailgw_tables.outbox.c.body,
    ),
}


def delete_person(settings: Settings, erasure: Erasure) -> tuple[Counter[str], list[str]]:
    """Erase him; how many rows of what, and what is left to be done by hand.

    All services twice: what was on the bus while the first went on has arrived by the second.
    """
    hashes = hashes_of(settings, erasure)
    counted = _erase_everywhere(settings, erasure)
    busy = wait_until_quiet(settings)
    counted += _erase_everywhere(settings, erasure)
    counted["files"] += _remove_files(settings, hashes)
    left = [f"{count} times in {place}" for place, count in still_named(settings, erasure).items()]
    left += [f"{letter} names him: drop it" for letter in _letters(settings, erasure)]
    left += [f"{one} were not handled yet" for one in busy]
    return counted, left


def _erase_everywhere(settings: Settings, erasure: Erasure) -> Counter[str]:
    counted: Counter[str] = Counter()
    with database_of(settings, "mailgw") as database:
        _count(counted, "mailgw", of_mailgw.erase(database, erasure))
    for service in ("rules", "reporting", "web"):
        with database_of(settings, service) as database:
            done = {k.table.name: rewrite(database, k, erasure) for k in places_of(service)}
            _count(counted, service, done)
    with database_of(settings, "cases") as database:
        transactions = Transactions(database, cases_tables.outbox, cases_tables.inbox)
        _count(counted, "cases", of_cases.erase(transactions, erasure))
    return counted


def _count(counted: Counter[str], service: str, done: dict[str, int]) -> None:
    for name, number in done.items():
        counted[f"{service}: {name}"] += number


def _remove_files(settings: Settings, hashes: Iterable[str]) -> int:
    """Those that nothing names any more."""
    files, removed = open_file_store(settings), 0
    for sha256 in hashes:
        if not _is_named(settings, sha256):
            files.remove(sha256)
            removed += 1
    return removed


def _is_named(settings: Settings, sha256: str) -> bool:
    for service, columns in NAMING_FILES.items():
        with database_of(settings, service) as database, database.read() as connection:
            for column in columns:
                question = select(column).where(cast(column, String).contains(sha256)).limit(1)
                if connection.execute(question).first() is not None:
                    return True
    return False


def _letters(settings: Settings, erasure: Erasure) -> list[str]:
    return [
        f"dead letter {letter.id} of {name}"
        for name in (queue.removeprefix("casewire.") for queue in ROUTES)
        for letter in DeadLetters(settings.amqp_uri, name).show()
        if erasure.is_in(letter.body.decode("utf-8", "replace"))
    ]
