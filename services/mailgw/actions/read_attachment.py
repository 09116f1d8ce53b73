"""One attachment of a raw mail, also of one whose original was dropped."""

from __future__ import annotations

from base64 import b64encode

from services.contracts.errors import NotFound
from services.mailgw.incoming.parse import read_message
from services.mailgw.incoming.parts import content_of, filename_of, leaves
from services.mailgw.originals import KeptPart
from services.runtime.file_store import FileStore, FileStoreError


def read_attachment(raw: bytes, number: int) -> dict[str, str]:
    """Filename, content type and content of part `number` of a mail. Raises NotFound."""
    for found, part, _ in leaves(read_message(raw)):
        if found == number:
            return {
                "filename": filename_of(part, number),
                "content_type": part.get_content_type(),
                "content_base64": b64encode(content_of(part)).decode("ascii"),
            }
    raise NotFound("attachment", number)


def read_kept_part(files: FileStore, kept: KeptPart) -> dict[str, str]:
    """The same of a part whose bytes are in the file store. Raises NotFound."""
    try:
        content = files.get(kept.sha256)
    except FileStoreError as error:
        raise NotFound("attachment", kept.filename) from error
    return {
        "filename": kept.filename,
        "content_type": kept.content_type,
        "content_base64": b64encode(content).decode("ascii"),
    }
