"""The attachments of a mail go into the file store before anybody is told of the mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import structlog

from services.contracts.mail import Attachment, MailReceived
from services.mailgw.incoming.look_into import Result
from services.runtime.file_store import FileStore, FileStoreAway

log = structlog.get_logger()


def keep_files(files: FileStore, result: Result) -> Result:
    """The same result, its message naming each attachment by the hash of its bytes.

    When the store is away the mail does not wait for it: its attachments are read from the
    raw mail then, which is kept anyway, as those of older releases are.
    """
    message = result.message
    if not isinstance(message, MailReceived) or not result.contents:
        return result
    try:
        kept = _kept(files, message.data.attachments, result.contents)
    except FileStoreAway as error:
        log.error("attachments stay in the raw mail", mail=result.entry.id, error=str(error))
        return replace(result, contents=())
    data = message.data.model_copy(update={"attachments": kept})
    return replace(result, message=message.model_copy(update={"data": data}), contents=())


def _kept(
    files: FileStore, attachments: Sequence[Attachment], contents: Sequence[bytes]
) -> tuple[Attachment, ...]:
    return tuple(
        attachment.model_copy(update={"sha256": files.put(content)})
        for attachment, content in zip(attachments, contents, strict=True)
    )
