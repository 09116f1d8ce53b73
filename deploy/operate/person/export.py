"""Handing out all that is known of a person."""

from __future__ import annotations

import zipfile
from pathlib import Path

from deploy.operate.errors import CannotDo
from deploy.operate.installation import SERVICES, database_of
from deploy.operate.person.places import as_json, places_of
from services.cases import erasing as of_cases
from services.contracts.erasure import Erasure
from services.mailgw import erasing as of_mailgw
from services.messaging.erasing import rows_about
from services.runtime.file_store import FileMissing, open_file_store
from services.runtime.settings import Settings


def export_person(settings: Settings, erasure: Erasure, target: Path) -> dict[str, int]:
    """Write the ZIP; how much of what is in it. Raises CannotDo where there is such a file."""
    if target.exists():
        raise CannotDo(f"{target} is there already; give another name")
    unfinished = target.with_name(target.name + ".unfinished")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        counted = _write_rows(settings, erasure, archive)
        counted["mails"] = _write_mails(settings, erasure, archive)
        counted["attachments"] = _write_files(settings, erasure, archive)
    unfinished.replace(target)
    return counted


def _write_rows(settings: Settings, erasure: Erasure, archive: zipfile.ZipFile) -> dict[str, int]:
    counted = {}
    for service in SERVICES:
        with database_of(settings, service) as database, database.read() as connection:
            for kept in places_of(service):
                rows = [dict(row) for row in rows_about(connection, kept, erasure)]
                if rows:
                    archive.writestr(f"{service}/{kept.table.name}.json", as_json(rows))
                    counted[f"{service}.{kept.table.name}"] = len(rows)
    return counted


def _write_mails(settings: Settings, erasure: Erasure, archive: zipfile.ZipFile) -> int:
    with database_of(settings, "mailgw") as database, database.read() as connection:
        mails = of_mailgw.originals_of(connection, erasure)
    for mail_id, raw in mails.items():
        archive.writestr(f"mails/{mail_id}.eml", raw)
    return len(mails)


def _write_files(settings: Settings, erasure: Erasure, archive: zipfile.ZipFile) -> int:
    """By their hashes; what each is called stands beside it in the messages."""
    files, count = open_file_store(settings), 0
    for sha256 in sorted(hashes_of(settings, erasure)):
        try:
            archive.writestr(f"attachments/{sha256}", files.get(sha256))
        except FileMissing:
            continue  # in the mail that it came by
        count += 1
    return count


def hashes_of(settings: Settings, erasure: Erasure) -> set[str]:
    """The attachments of his cases and mails."""
    with database_of(settings, "cases") as database, database.read() as connection:
        found = of_cases.files_of(connection, erasure)
    with database_of(settings, "mailgw") as database, database.read() as connection:
        return found | of_mailgw.files_of(connection, erasure)
