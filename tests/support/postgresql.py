"""A PostgreSQL cluster of the tests' own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg
from support.ports import free_port


class PostgresqlServer:
    """Starts a private cluster, in a new folder below `place`.

    As root it runs as the user postgres, which it insists on, and who has to get there.
    """

    def __init__(self, place: Path | None = None) -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="casewire-postgresql-", dir=place))
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        if not found:
            raise RuntimeError("PostgreSQL is not installed (Debian: apt-get install postgresql)")
        self._programs = found[-1]

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Make the cluster and start it; raises CalledProcessError."""
        if os.getuid() == 0:
            shutil.chown(self._folder, "postgres")
        data = str(self._folder / "data")
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync")
        self.start_again()

    def start_again(self, *, silent: bool = False) -> None:
        """Start the cluster that is there already; `silent` says nothing of why it does not."""
        data = str(self._folder / "data")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self._folder}"
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start", silent=silent)

    def revive(self, patience_seconds: float = 60) -> None:
        """Start it again where it has died; raises CalledProcessError when it will not."""
        deadline = time.monotonic() + patience_seconds
        while not self._answers():
            try:
                self.start_again(silent=True)
            except subprocess.CalledProcessError:  # the last one's children may still be ending
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def kill(self) -> None:
        """kill -9 of the server and all its processes; start_again() recovers from its log."""
        pid = int((self._folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in (pid, *map(int, children)):
            with suppress(ProcessLookupError):  # a backend may have ended meanwhile
                os.kill(one, signal.SIGKILL)

    def new_database(self, name: str) -> str:
        """The address of an empty database of its own, as DATABASE_URL takes it."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", name)
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        """Stop at once, whatever is open; the data stay."""
        if (self._folder / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "fast", "stop")

    def destroy(self) -> None:
        """Stop, and remove all data."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            with psycopg.connect(host="127.0.0.1", port=self.port, user="postgres"):
                return True
        except psycopg.OperationalError:
            return False

    def _run(self, program: str, *arguments: str, silent: bool = False) -> None:
        user = "postgres" if os.getuid() == 0 else None
        command = [str(self._programs / program), *arguments]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL if silent else None}
        subprocess.run(command, check=True, user=user, cwd="/", **quiet)
