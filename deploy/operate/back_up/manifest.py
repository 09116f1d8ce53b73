"""What a back-up says of itself: `manifest.json` in it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from deploy.operate.errors import CannotDo

FILE = "manifest.json"
FORMAT = 1
DATABASES = "databases"
DUMP = f"{DATABASES}/casewire.dump"
ATTACHMENTS = "attachments"
DEAD_LETTERS = "dead_letters.jsonl"


class Manifest(BaseModel):
    """The moment that the databases are of, and what is there.

    Messages published since `send_again_from` may have been on their way at that moment.
    `files` has the SHA-256 of each file but the attachments, whose names are theirs;
    `attachments` is their number, None where they were left out.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: int = FORMAT
    taken_at: datetime
    send_again_from: datetime
    databases: Literal["sqlite", "postgresql"]
    revisions: dict[str, str]
    files: dict[str, str]
    attachments: int | None
    damaged: tuple[str, ...] = ()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it last: a back-up without one was broken off."""
    (folder / FILE).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read it and look whether every file is there and as it was. Raises CannotDo."""
    try:
        manifest = Manifest.model_validate_json((folder / FILE).read_bytes())
    except FileNotFoundError as error:
        raise CannotDo(f"{folder} is no finished back-up: it has no {FILE}") from error
    except ValidationError as error:
        raise CannotDo(f"{folder / FILE} cannot be read: {error}") from error
    if manifest.format != FORMAT:
        raise CannotDo(f"the back-up has format {manifest.format}; restore it with its own release")
    for name, sha256 in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise CannotDo(f"the back-up is not whole: {name} is missing")
        if sha256_of(path) != sha256:
            raise CannotDo(f"the back-up is damaged: {name} is not as it was written")
    return manifest


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
