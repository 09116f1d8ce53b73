"""Old originals are dropped; texts and attachments stay on their cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog

from services.mailgw import originals, raw_store
from services.mailgw.incoming.contents import read_contents
from services.mailgw.incoming.parse import read_message
from services.mailgw.incoming.parts import content_of, filename_of, leaves
from services.mailgw.originals import KeptPart
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.exclusive import Exclusive
from services.runtime.file_store import FileStore

BATCH = 50

Block = Callable[..., Any]

log = structlog.get_logger()


def drop_originals(
    database: Database, files: FileStore, before: datetime, run_blocking: Block
) -> int:
    """Drop the originals of settled mails from before this moment; how many.

    One process at a time; the others drop none. Raises FileStoreAway, when what was dropped till
    then stays so: an original goes once its attachments are in the store, whatever release it
    came by, as its case may know them by the original alone.
    """
    turn = Exclusive(database, "drop")
    if not turn.try_acquire():
        return 0
    try:
        dropped = 0
        while batch := _batch(database, before):
            dropped += sum(_drop(database, files, mail_id, run_blocking) for mail_id in batch)
        if dropped:
            log.info("originals dropped", mails=dropped, before=before.isoformat())
        return dropped
    finally:
        turn.release()


def _batch(database: Database, before: datetime) -> list[str]:
    with database.read() as connection:
        return originals.settled_before(connection, before, BATCH)


def _drop(database: Database, files: FileStore, mail_id: str, run_blocking: Block) -> bool:
    with database.read() as connection:
        raw = raw_store.contents(connection, [mail_id]).get(mail_id, b"")
    parts = run_blocking(_keep_parts, files, raw)
    with database.write() as connection:
        return originals.drop(connection, mail_id, parts, now())


def _keep_parts(files: FileStore, raw: bytes) -> list[KeptPart]:
    """Each part that is an attachment, as `read_attachment` would hand it out."""
    message = read_message(raw)
    wanted = {one.part for one in read_contents(message).attachments}
    return [
        KeptPart(
            number,
            files.put(content_of(part)),
            filename_of(part, number),
            part.get_content_type(),
        )
        for number, part, _ in leaves(message)
        if number in wanted
    ]
