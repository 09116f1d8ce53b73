"""Three helpdesks that take mails in: ours, django-helpdesk and roundup, each in its own way.

What they have taken is counted in their databases, for some swallow errors.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

from support.dovecot import PASSWORD, DovecotServer
from support.system import ROOT, RunningSystem

Way = Literal["pipe", "imap"]
PEERS = ROOT / "build" / "peers" / "bin"
PROGRAMS = Path(__file__).parent / "peer_programs"


class Desk(Protocol):
    """A helpdesk with a mailbox of its own; `at_once` is how many deliveries it bears at once."""

    name: str
    user: str
    at_once: int

    def prepare(self, way: Way) -> None:
        """Do what has to be done once before mails come this way."""

    def deliver(self, raw: bytes) -> None:
        """Start its program for one mail, as a mail server's alias does, and wait for its end."""

    def fetch(self) -> None:
        """Have it fetch its mailbox now."""

    def count(self) -> int:
        """How many cases it has, each with its message."""


class Ours:
    """Casewire: five services, and a mailbox that is fetched when it is told to."""

    name = "casewire"
    user = "support"
    at_once = 4

    def __init__(self, system: RunningSystem, dovecot: DovecotServer) -> None:
        self.system = system
        self.api = system.api()
        imap = dovecot.account(name="imap", password=PASSWORD, push=False)
        for account in ({"name": "pipe", "protocol": "pipe"}, imap):
            self.api.post("/accounts/incoming", **account, new_case={"section_id": 1})
            self.api.post(f"/accounts/incoming/{account['name']}/approve", 204)

    def prepare(self, way: Way) -> None:
        """Nothing: both accounts are there."""

    def deliver(self, raw: bytes) -> None:
        assert self.system.deliver(raw) == 0

    def fetch(self) -> None:
        self.api.post("/accounts/fetch?name=imap", 200)

    def count(self) -> int:
        asked = "SELECT count(*) FROM messages WHERE number = 1"
        return _count(self.system.home / "cases.sqlite3", asked)


class DjangoHelpdesk:
    """django-helpdesk: `get_email`, which cron runs. It has no pipe; a folder is the nearest."""

    name = "django-helpdesk"
    user = "helpdesk"
    at_once = 1  # two at once would both take every mail of the folder

    def __init__(self, home: Path, dovecot: DovecotServer) -> None:
        self.home = home
        self.folder = home / "in"
        self.folder.mkdir(parents=True)
        self.port = dovecot.port
        self._run("-m", "django", "migrate", "-v", "0")

    def prepare(self, way: Way) -> None:
        where = (str(self.folder),) if way == "pipe" else (str(self.port), PASSWORD)
        kind = "local" if way == "pipe" else "imap"
        self._run(str(PROGRAMS / "helpdesk_queue.py"), kind, *where)

    def deliver(self, raw: bytes) -> None:
        (self.folder / f"{self.count()}.eml").write_bytes(raw)
        self._run("-m", "django", "get_email", "--quiet")

    def fetch(self) -> None:
        self._run("-m", "django", "get_email", "--quiet")

    def count(self) -> int:
        return _count(self.home / "db.sqlite3", "SELECT count(*) FROM helpdesk_ticket")

    def _run(self, *arguments: str) -> None:
        known = {"PEER_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "helpdesk_settings"}
        environment = {**os.environ, **known, "PYTHONPATH": str(PROGRAMS)}
        _run([str(PEERS / "python"), *arguments], environment)


class Roundup:
    """roundup with its classic template; strangers may write, and nobody is mailed."""

    name = "roundup"
    user = "roundup"
    at_once = 4

    def __init__(self, home: Path, dovecot: DovecotServer) -> None:
        self.home = home
        self.port = dovecot.port
        self._admin("install", "classic", "sqlite")
        _replace(home / "config.ini", r"#web = NO DEFAULT", "web = http://localhost/desk/")
        _replace(home / "config.ini", r"#domain = NO DEFAULT", "domain = ours.example")
        _replace(
            home / "config.ini", r"subject_prefix_parsing = strict", "subject_prefix_parsing = none"
        )
        allowed = "db.security.addPermissionToRole('Anonymous', 'Email Access')"
        _replace(home / "schema.py", re.escape(f"#{allowed}"), allowed)
        (home / "detectors" / "nosyreaction.py").unlink()
        self._admin("initialise", "a password")

    def prepare(self, way: Way) -> None:
        """Nothing: the way is an argument."""

    def deliver(self, raw: bytes) -> None:
        _run([str(PEERS / "roundup-mailgw"), str(self.home)], dict(os.environ), raw)

    def fetch(self) -> None:
        program = [str(PEERS / "python"), str(PROGRAMS / "roundup_imap.py")]
        _run([*program, str(self.home), self.user, PASSWORD, str(self.port)], dict(os.environ))

    def count(self) -> int:
        return _count(self.home / "db" / "db", "SELECT count(*) FROM _issue")

    def _admin(self, *arguments: str) -> None:
        program = [str(PEERS / "roundup-admin"), "-i", str(self.home)]
        _run([*program, *arguments], dict(os.environ))


def _run(command: Sequence[str], environment: dict[str, str], stdin: bytes = b"") -> None:
    done = subprocess.run(command, env=environment, input=stdin, capture_output=True, check=False)
    if done.returncode:
        sys.stderr.buffer.write(done.stdout + done.stderr)
        raise RuntimeError(f"{command[0]} ended with {done.returncode}")


def _replace(path: Path, pattern: str, by: str) -> None:
    text, count = re.subn(rf"^{pattern}$", by, path.read_text(), count=1, flags=re.MULTILINE)
    if not count:
        raise RuntimeError(f"{path} has no line {pattern}")
    path.write_text(text)


def _count(database: Path, asked: str) -> int:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)
    try:
        return int(connection.execute(asked).fetchone()[0])
    finally:
        connection.close()


def peers_are_installed() -> bool:
    """Whether deploy/local/peers.sh has run."""
    return shutil.which("roundup-mailgw", path=str(PEERS)) is not None
