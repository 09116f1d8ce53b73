"""Each database: reachable, at the present schema, writable, and (SQLite) intact."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from deploy.operate.doctor.clocks import clock_finding
from deploy.operate.doctor.finding import Finding, ok, warning, wrong
from deploy.operate.installation import SERVICES, database_of, sqlite_file, table_of
from services.runtime.database import Database
from services.runtime.revisions import known_revisions, revision_of, told_works_from
from services.runtime.settings import Settings


def check_databases(
    settings: Settings, *, whole_files: bool
) -> Generator[Finding, None, tuple[str, ...]]:
    """Look at all; answers the services whose databases can be asked more."""
    yield from _check_driver(settings)
    usable: list[str] = []
    for service in SERVICES:
        check = f"database of {service}"
        file = sqlite_file(settings, service)
        if file is not None and not file.exists():
            cure = f"`python -m services.{service} migrate` makes it; is CASEWIRE_HOME right?"
            yield wrong(check, f"there is no file {file}", cure)
            continue
        with database_of(settings, service) as database:
            found = list(_check(database, service, whole_files))
        yield from found
        if all(finding.level != "wrong" for finding in found):
            usable.append(service)
    if settings.database_url and usable:
        with database_of(settings, usable[0]) as database:
            yield from _check_clock(database)
    return tuple(usable)


def _check(database: Database, service: str, whole_files: bool) -> Iterator[Finding]:
    check = f"database of {service}"
    if trouble := database.unreachable():
        where = "DATABASE_URL" if not database.is_sqlite else "CASEWIRE_HOME"
        yield wrong(check, trouble, f"start the database server, or correct {where}")
        return
    finding = _revision(database, service)
    yield finding
    if finding.level == "wrong":
        return
    yield _writable(database, service)
    if database.is_sqlite and whole_files:
        yield _intact(database, service)


def _revision(database: Database, service: str) -> Finding:
    check = f"database of {service}"
    here, known = revision_of(database), known_revisions(service)
    if here == known[0]:
        return ok(check, f"it is at {here}, the present schema")
    if here is None or here in known:
        cure = f"`python -m services.{service} migrate`"
        return wrong(
            check, f"it is at {here or 'no schema yet'}; the present one is {known[0]}", cure
        )
    if told_works_from(database) in known:
        cure = "run the release that migrated it, once nothing speaks against it any more"
        return warning(check, f"it is at {here}: it is newer, and this release works with it", cure)
    cure = "run the release that migrated it, or restore a back-up of this one"
    return wrong(check, f"it is at {here}, which this release does not know: it is newer", cure)


def _writable(database: Database, service: str) -> Finding:
    """Tried with a deletion of nothing, which needs the right to write and a file that takes it."""
    check = f"writing to {service}"
    inbox = table_of(service, "inbox")
    assert inbox is not None
    try:
        with database.write() as connection:
            connection.execute(inbox.delete().where(inbox.c.id == ""))
    except DBAPIError as error:
        cure = "give the services' user the right to write, or make room; see the message"
        return wrong(check, f"it is refused: {error.orig}", cure)
    return ok(check, "it can be written")


def _intact(database: Database, service: str) -> Finding:
    check = f"file of {service}"
    with database.read() as connection:
        said = list(connection.scalars(text("PRAGMA quick_check(3)")))
    if said == ["ok"]:
        return ok(check, "it is intact")
    cure = "stop the services and restore the last back-up: `casewire restore --help`"
    return wrong(check, "it is damaged: " + "; ".join(said), cure)


def _check_driver(settings: Settings) -> Iterator[Finding]:
    if not settings.database_url:
        return
    from psycopg import waiting

    how = getattr(waiting.wait, "__name__", "")
    told = os.environ.get("PSYCOPG_WAIT_FUNC", "nothing")
    if how == "wait_selector":
        yield ok("PostgreSQL driver", "it lets a service do other work while it waits")
    else:
        cure = "import `services` before psycopg: its __init__ sets PSYCOPG_WAIT_FUNC"
        yield wrong("PostgreSQL driver", f"it would stall services ({how}; told {told})", cure)
    if shutil.which("pg_dump") is None:
        cure = "install PostgreSQL's client programs of the server's version"
        yield warning("pg_dump", "it is not there: no back-up can be made from here", cure)


def _check_clock(database: Database) -> Iterator[Finding]:
    with database.read() as connection:
        theirs = connection.scalar(text("SELECT clock_timestamp()"))
    assert isinstance(theirs, datetime)
    yield clock_finding("clock of the database", theirs)
