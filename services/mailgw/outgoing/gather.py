"""The bytes of an outgoing mail's attachments: by their hash, else from the mail they came by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from services.contracts.mail import Attachment
from services.mailgw import originals, raw_store
from services.mailgw.outgoing.files import File, extract, file_of
from services.runtime.database import Database
from services.runtime.file_store import FileStore, FileStoreAway, FileStoreError

log = structlog.get_logger()

Run = Callable[..., Any]


@dataclass(frozen=True)
class Gathered:
    """The files there are, in the order asked for, and those that cannot be had.

    `later` says why one of these may be had later: the store is away.
    """

    files: list[File]
    missing: list[Attachment]
    later: str = ""


def gather(
    files: FileStore, database: Database, wanted: Sequence[Attachment], run: Run
) -> Gathered:
    """Find the bytes of all that are wanted; `run` runs blocking work off a green thread."""
    found: dict[Attachment, File] = {}
    away = ""
    for one in (one for one in wanted if one.sha256):
        try:
            found[one] = file_of(one, run(files.get, one.sha256))
        except FileStoreAway as error:
            away = str(error)
        except FileStoreError as error:
            log.error("attachment cannot be had by its hash", name=one.filename, error=str(error))
    by_mail = [one for one in wanted if one not in found and one.mail_id]
    found |= _from_raw_mails(database, by_mail, run)
    found |= _from_kept_parts(files, database, [one for one in by_mail if one not in found], run)
    missing = [one for one in wanted if one not in found]
    is_waited_for = any(one.sha256 for one in missing)
    ordered = [found[one] for one in dict.fromkeys(wanted) if one in found]
    return Gathered(ordered, missing, away if is_waited_for else "")


def _from_raw_mails(
    database: Database, wanted: Iterable[Attachment], run: Run
) -> dict[Attachment, File]:
    by_mail: dict[str, list[Attachment]] = {}
    for one in wanted:
        by_mail.setdefault(one.mail_id, []).append(one)
    if not by_mail:
        return {}
    with database.read() as connection:
        raws = raw_store.contents(connection, list(by_mail))
    found: dict[Attachment, File] = {}
    for mail_id, raw in raws.items():
        heavy = len(raw) > raw_store.HEAVY_BYTES
        found |= run(extract, raw, by_mail[mail_id]) if heavy else extract(raw, by_mail[mail_id])
    return found


def _from_kept_parts(
    files: FileStore, database: Database, wanted: Sequence[Attachment], run: Run
) -> dict[Attachment, File]:
    """Those of mails whose original was dropped."""
    found: dict[Attachment, File] = {}
    for one in wanted:
        with database.read() as connection:
            kept = originals.kept_parts_of(connection, one.mail_id).get(one.part)
        if kept is not None:
            try:
                found[one] = file_of(one, run(files.get, kept.sha256))
            except FileStoreError as error:
                log.error("attachment cannot be had", name=one.filename, error=str(error))
    return found
