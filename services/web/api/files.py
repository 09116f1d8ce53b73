"""Files to go with messages."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import request

from services.contracts.errors import InvalidRequest
from services.web.api.schemas.files import StoredFile
from services.web.uploads import keep_files
from services.web.wiring import wired

blueprint = APIBlueprint("api_files", __name__, url_prefix="/api/v1/files", tag="Files")


@blueprint.post("")
@blueprint.output(StoredFile, status_code=201)
def upload_file() -> StoredFile:
    """Upload a file, and answer what a message's `attachments` take.

    At most 25 MB. The same bytes are kept once.
    """
    given = [file for file in request.files.getlist("file") if file.filename]
    if len(given) != 1:
        raise InvalidRequest("file", "send one file, as multipart/form-data under the name 'file'")
    try:
        (kept,) = keep_files(wired().files, given)
    except InvalidRequest as error:
        raise InvalidRequest("file", error.what_to_do) from error
    return StoredFile.model_validate(kept.model_dump())
