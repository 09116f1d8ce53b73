"""The record of a run, `docs/compose-test.md`: what was done, with which versions, how it ended."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from compose.images import LEFT_OUT, STAND_INS, size_of
from compose.places import ROOT, WORK, ComposeTestError, run

FILE = ROOT / "docs" / "compose-test.md"
HEAD = """# The compose file, run for real

Written by `make compose-test`. No Docker engine takes part: podman and podman-compose run
`deploy/compose.yaml` as it is, with our images built by the shipped Dockerfiles. Images of others
are stand-ins under their names, made of Debian's packages (`tests/compose/images`), so what their
own entry points do is not shown by this. Left out: {left_out}.
podman starts each service when what it needs is there or healthy, as the file says, but the
waiting and the health checks are the test's: this podman has neither without systemd.
"""
VERSIONS = {
    "podman": ("podman", "--version"),
    "podman-compose": (str(WORK / "tools/bin/podman-compose"), "--version"),
    "runc": ("runc", "--version"),
}


class Record:
    """Takes down each step with its time."""

    def __init__(self) -> None:
        self.is_good = True
        self._lines: list[str] = []
        self._name, self._began = "", 0.0

    def begin(self, name: str) -> None:
        """A step begins."""
        self._name, self._began = name, time.monotonic()
        print(f"compose-test: {name}", flush=True)

    def end(self, told: object) -> None:
        """It went well."""
        self._add("well", str(told or ""))

    def fail(self, error: Exception) -> None:
        """It did not, and ends the run."""
        self.is_good = False
        self._add("NOT WELL", str(error).splitlines()[0][:300])

    def write(self) -> None:
        """The whole file."""
        head = HEAD.format(left_out=", ".join(name.rpartition("/")[2] for name in LEFT_OUT))
        rows = "\n".join(self._lines)
        text = (
            f"{head}\nVerdict: **{'all went well' if self.is_good else 'it did not go well'}**, "
            f"{datetime.now(UTC):%Y-%m-%d}.\n\n| step | seconds | |\n|---|---|---|\n{rows}\n\n"
            f"{_versions()}"
        )
        FILE.write_text(text)

    def _add(self, verdict: str, told: str) -> None:
        seconds = time.monotonic() - self._began
        self._lines.append(
            f"| {self._name} | {seconds:.0f} | {verdict}{'; ' if told else ''}{told} |"
        )
        print(f"compose-test:   {verdict} after {seconds:.0f} s; {told}", flush=True)


def _versions() -> str:
    lines = [f"- {name}: {_first_line(*command)}" for name, command in VERSIONS.items()]
    try:
        lines.append(
            f"- our image: {size_of('localhost/casewire:one') / 1e6:.0f} MB, of which "
            f"{size_of('docker.io/library/python:3.11-slim-bookworm') / 1e6:.0f} MB stand-in"
        )
    except ComposeTestError:
        lines.append("- our image: not built")
    stand_ins = ", ".join(name.rpartition("/")[2] for name in STAND_INS)
    return "\n".join([*lines, f"- stand-ins: {stand_ins}"]) + "\n"


def _first_line(*command: str) -> str:
    return run(*command).splitlines()[0]
