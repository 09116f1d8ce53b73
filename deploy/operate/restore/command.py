"""The restore's arguments, and its steps in their order."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.operate.back_up.attachments import copy_attachments
from deploy.operate.back_up.key_files import put_back_keys
from deploy.operate.back_up.manifest import ATTACHMENTS, DEAD_LETTERS, Manifest, read_manifest
from deploy.operate.back_up.on_the_bus import put_back_dead_letters
from deploy.operate.back_up.packing import is_packed, unpack
from deploy.operate.errors import CannotDo
from deploy.operate.installation import SERVICES
from deploy.operate.restore.places import place_databases, refuse_other_make, refuse_what_is_there
from deploy.operate.restore.queues import empty_queues, refuse_busy_queues
from deploy.operate.restore.sent_again import mails_waiting, mark_for_sending
from services.runtime.clock import now
from services.runtime.file_store import FileStore, open_file_store
from services.runtime.migration import migrate
from services.runtime.revisions import known_revisions
from services.runtime.settings import Settings

HELP = "put a back-up in place; the services have to be stopped"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to restore, and what may be replaced."""
    parser.add_argument("source", type=Path, help="the folder or the file of a back-up")
    parser.add_argument("--check", action="store_true", help="only look whether it is whole")
    parser.add_argument("--keys", type=Path, metavar="FOLDER", help="put back these keys, too")
    parser.add_argument(
        "--replace", action="store_true", help="move what is there aside, and restore all the same"
    )
    parser.add_argument(
        "--empty-queues", action="store_true", help="throw away what waits in the broker's queues"
    )


def run(given: argparse.Namespace) -> int:
    """Restore. Raises CannotDo, before anything was changed where it can be known before."""
    settings = Settings.load()
    with _unpacked(given.source.absolute(), settings.home) as folder:
        manifest = read_manifest(folder)
        _refuse_other_schemas(manifest)
        if given.check:
            print(f"{given.source} is whole: all as of {manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC")
            return 0
        _restore(settings, folder, manifest, given)
    _tell(settings, manifest)
    return 0


def _restore(
    settings: Settings, folder: Path, manifest: Manifest, given: argparse.Namespace
) -> None:
    refuse_other_make(settings, manifest)
    refuse_busy_queues(settings.amqp_uri, may_hold_messages=given.empty_queues)
    if not given.replace:
        refuse_what_is_there(settings)
    aside = f"before_restore_{now():%Y%m%d_%H%M%S}" if given.replace else None
    if given.keys:
        put_back_keys(settings, given.keys, settings.home / aside if aside else None)
    place_databases(settings, folder, manifest, aside)
    for service in SERVICES:
        migrate(settings, service)
    if manifest.attachments is not None:
        copied = copy_attachments(FileStore(str(folder / ATTACHMENTS)), open_file_store(settings))
        if copied.damaged:
            raise CannotDo(f"attachments of the back-up are damaged: {', '.join(copied.damaged)}")
    empty_queues(settings.amqp_uri)
    put_back_dead_letters(settings.amqp_uri, folder / DEAD_LETTERS)
    mark_for_sending(settings, manifest)


@contextmanager
def _unpacked(source: Path, home: Path) -> Iterator[Path]:
    """The folder of a back-up; one that is packed is unpacked beside itself, where there is room.

    Where nothing may be written there, under `home`; in a container that is small.
    """
    if not source.exists():
        raise CannotDo(f"there is no {source}")
    if not is_packed(source):
        yield source
        return
    place = source.parent
    if not os.access(place, os.W_OK):
        place = home
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix=".unpacked-") as folder:
        unpack(source, Path(folder))
        yield Path(folder)


def _refuse_other_schemas(manifest: Manifest) -> None:
    for service, revision in manifest.revisions.items():
        if revision not in known_revisions(service):
            raise CannotDo(
                f"the back-up's database of {service} is at {revision}, which this release does "
                "not know; restore it with the release that made it"
            )


def _tell(settings: Settings, manifest: Manifest) -> None:
    print(f"restored: all as of {manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC")
    if waiting := mails_waiting(settings):
        print(
            f"{waiting} mails waited to be sent at that moment, and may have gone out since: "
            "before you start the mail gateway, look with `python -m services.mailgw queue` and "
            "keep one back with `give-up ID`"
        )
    print(
        "mails that came in since are not in it: mark them unread in their mailboxes.\n"
        "start the services, then ask `casewire doctor`"
    )
