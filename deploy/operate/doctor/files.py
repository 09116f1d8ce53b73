"""Room on the disks, and whether attachments can be written and read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from deploy.operate.doctor.finding import Finding, ok, warning, wrong
from services.runtime.file_store import FileStoreError, open_file_store
from services.runtime.identity import new_id
from services.runtime.settings import Settings, SettingsError

GIGABYTE = 1024**3
LITTLE_SHARE, SMALL_SHARE = 0.1, 0.5
SCARCE_BYTES = GIGABYTE // 2


def check_disk(settings: Settings) -> Iterator[Finding]:
    """The disk of CASEWIRE_HOME, and that of the attachments where it is another one."""
    places = {"CASEWIRE_HOME": settings.home.absolute()}
    attachments = Path(settings.attachments_at)
    both = attachments.is_dir() and settings.home.is_dir()
    if both and os.stat(attachments).st_dev != os.stat(settings.home).st_dev:
        places["the attachments"] = attachments
    for name, folder in places.items():
        if not folder.is_dir():
            cure = "start Casewire, which makes it, or correct CASEWIRE_HOME"
            yield wrong(f"disk of {name}", f"there is no folder {folder}", cure)
            continue
        yield _room(name, folder)


def _room(name: str, folder: Path) -> Finding:
    usage = shutil.disk_usage(folder)
    says = f"{usage.free / GIGABYTE:.1f} GB of {usage.total / GIGABYTE:.1f} GB are free"
    cure = "make room: with a full disk no mail is taken in, though none is lost"
    # Small as a whole is what a container has for nothing but what it throws away.
    if usage.free < min(SCARCE_BYTES, SMALL_SHARE * usage.total):
        return wrong(f"disk of {name}", says, cure)
    if usage.free < LITTLE_SHARE * usage.total:
        return warning(f"disk of {name}", says, cure)
    return ok(f"disk of {name}", says)


def check_files(settings: Settings) -> Iterator[Finding]:
    """A file is written to the store, read again and removed."""
    if not settings.attachments_url and not settings.home.is_dir():
        return  # it would be made by looking
    try:
        files = open_file_store(settings)
        sha256 = files.put(f"casewire doctor {new_id()}".encode())  # nobody else's file
        files.get(sha256)
        files.remove(sha256)
    except SettingsError as error:
        yield wrong("attachments", str(error), "correct ATTACHMENTS_URL")
    except FileStoreError as error:
        cure = "let the services' user write there, or correct ATTACHMENTS_URL"
        yield wrong("attachments", f"{settings.attachments_at}: {error}", cure)
    else:
        yield ok("attachments", "a file was written, read and removed")
