"""The files with keys. They never lie in a back-up: who has both could open the passwords."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from deploy.operate.errors import CannotDo
from services.mailgw.wiring import mail_key_file
from services.runtime.settings import Settings
from services.web.access.web_key import FILE_NAME

MAIL_KEY = "mailgw.key"


def key_files(settings: Settings) -> dict[str, Path]:
    """Where each key is, by the name of its copy; whether there is a file or not."""
    return {MAIL_KEY: mail_key_file(settings), FILE_NAME: settings.home / FILE_NAME}


def copy_keys(settings: Settings, folder: Path) -> list[str]:
    """Copy those that there are; their names. Raises CannotDo where there is such a folder."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError as error:
        raise CannotDo(f"{folder} is there already; give another target") from error
    found = {name: path for name, path in key_files(settings).items() if path.is_file()}
    for name, path in found.items():
        _copy(path, folder / name)
    return sorted(found)


def put_back_keys(settings: Settings, folder: Path, aside: Path | None) -> list[str]:
    """Copy the keys of a folder to where they belong; their names.

    One that is there and differs is moved to `aside`; without that CannotDo is raised.
    """
    wanted = {name: path for name, path in key_files(settings).items() if (folder / name).is_file()}
    if not wanted:
        raise CannotDo(f"there are no keys in {folder}")
    for name, path in wanted.items():
        if path.exists() and path.read_bytes() != (folder / name).read_bytes():
            if aside is None:
                raise CannotDo(f"{path} is another key; with --replace it is moved aside")
            aside.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.move(path, aside / name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _copy(folder / name, path)
    return sorted(wanted)


def _copy(source: Path, target: Path) -> None:
    """Readable by its owner alone from its first byte on."""
    unfinished = target.with_name(f".{target.name}.unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "wb") as file:
        file.write(source.read_bytes())
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(target)
