"""A back-up in one file."""

from __future__ import annotations

import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath

from deploy.operate.errors import CannotDo

MODES = {".tar": "w", ".tar.gz": "w:gz", ".tgz": "w:gz"}


def is_packed(path: Path) -> bool:
    """Whether a name is that of a packed back-up."""
    return path.name.endswith(tuple(MODES))


def pack(folder: Path, target: Path) -> None:
    """Pack a folder; the file has its name once it is whole."""
    mode = next(mode for ending, mode in MODES.items() if target.name.endswith(ending))
    unfinished = target.with_name(target.name + ".unfinished")
    with tarfile.open(unfinished, mode) as archive:  # type: ignore[call-overload]
        archive.add(folder, arcname=".")
    unfinished.replace(target)


def unpack(source: Path, folder: Path) -> None:
    """Unpack into a folder, and nowhere beside it. Raises CannotDo.

    A back-up holds files and folders; whatever else is in an archive is not from us. Member by
    member, for the filters of `tarfile` came with Python 3.11.4, and Debian 12 has 3.11.2.
    """
    try:
        with tarfile.open(source) as archive:
            for member in archive:
                _take_out(archive, member, folder)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise CannotDo(f"{source} cannot be unpacked: {error}") from error


def _take_out(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    place = PurePosixPath(member.name)
    if place.is_absolute() or ".." in place.parts or not (member.isfile() or member.isdir()):
        raise tarfile.TarError(f"{member.name!r} is nothing that a back-up holds")
    target = folder / place
    if member.isdir():
        target.mkdir(parents=True, exist_ok=True)
        return
    content = archive.extractfile(member)
    assert content is not None  # it is a file
    target.parent.mkdir(parents=True, exist_ok=True)
    with content, target.open("xb") as file:
        shutil.copyfileobj(content, file)
