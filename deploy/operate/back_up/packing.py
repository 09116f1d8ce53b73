"""A back-up in one file."""

from __future__ import annotations

import tarfile
from pathlib import Path

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
    """Unpack into a folder, and nowhere beside it. Raises CannotDo."""
    try:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
    except tarfile.TarError as error:
        raise CannotDo(f"{source} cannot be unpacked: {error}") from error
