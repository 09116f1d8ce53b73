"""Files that people send with an answer: into the file store, so that messages carry hashes."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from flask import Flask, request
from pydantic import ValidationError
from werkzeug.datastructures import FileStorage

from services.contracts.errors import InvalidRequest
from services.contracts.mail import Attachment
from services.runtime.file_store import FileStore
from services.web.attachments import OCTETS, safe_name

MOST_BYTES = 25 * 1024 * 1024
MOST_FILES = 50
# Above the limit of the files, so that what is a little too much is refused at its field and
# the text written with it is kept.
BIGGEST_REQUEST_BYTES = 60 * 1024 * 1024
TAKING_FILES = frozenset(
    {
        "case_changes.add_message",
        "case_answer.upload",
        "api_files.upload_file",
        "portal.answer",
    }
)


def install(app: Flask) -> None:
    """Let the routes that take files take more than others."""

    @app.before_request
    def take_more() -> None:
        if request.endpoint in TAKING_FILES:
            request.max_content_length = BIGGEST_REQUEST_BYTES


def keep_files(store: FileStore, files: Iterable[FileStorage]) -> tuple[Attachment, ...]:
    """Put them into the store.

    Raises InvalidRequest naming `files` for too much, and FileStoreError.
    """
    given = [file for file in files if file.filename]
    if len(given) > MOST_FILES:
        raise InvalidRequest("files", f"at most {MOST_FILES} files")
    contents = [file.read(MOST_BYTES + 1) for file in given]
    if sum(map(len, contents)) > MOST_BYTES:
        raise InvalidRequest("files", "at most 25 MB in all; send a link to what is larger")
    return tuple(
        keep_file(store, file.filename or "", file.mimetype, content)
        for file, content in zip(given, contents, strict=True)
    )


def refuse_too_much(attachments: Collection[Attachment]) -> None:
    """Raises InvalidRequest naming `files` for what one message cannot carry."""
    if len(attachments) > MOST_FILES:
        raise InvalidRequest("files", f"at most {MOST_FILES} files")
    if sum(one.size_bytes for one in attachments) > MOST_BYTES:
        raise InvalidRequest("files", "at most 25 MB in all; send a link to what is larger")


def keep_file(store: FileStore, filename: str, content_type: str, content: bytes) -> Attachment:
    """One of them. Raises FileStoreError."""
    return Attachment(
        sha256=store.put(content),
        filename=safe_name(filename),
        content_type=content_type[:100] or OCTETS,
        size_bytes=len(content),
    )


def kept_before(store: FileStore, texts: Iterable[str]) -> tuple[Attachment, ...]:
    """What a form kept of an earlier try, as JSON; what we do not hold is left out."""
    found = []
    for text in texts:
        try:
            one = Attachment.model_validate_json(text)
        except ValidationError:
            continue
        if store.has(one.sha256):
            found.append(one.model_copy(update={"mail_id": "", "part": 0}))
    return tuple(found)
