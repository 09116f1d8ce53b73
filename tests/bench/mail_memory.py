"""How much memory the gateway takes while a mail of 25 MB passes, as a multiple of its size.

Runs alone by `PYTHONPATH=.:tests .venv/bin/python -W ignore -m bench.mail_memory`. The peak is that
of the whole process (VmHWM, which is set back before each mail), less what it held before.
"""

from __future__ import annotations

import base64
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.peer_desks import Ours
from support.broker import BrokerServer
from support.dovecot import DovecotServer
from support.system import RunningSystem

SIZE_BYTES = 25_000_000
HEAD = "From: Ann Lee <ann@customer.example>\nTo: support@ours.example\nSubject: {what} {number}\n"
HEAD += "Message-ID: <{what}.{number}@customer.example>\n"
LINE = "Belt {number} stands still since this morning, and nobody here can say why that is so.\n"
PATIENCE_SECONDS = 120.0


def measure_mail_memory() -> None:
    """Print the multiple for a file, a text and HTML, by pipe and by IMAP, and what stays."""
    with _desk() as (desk, dovecot):
        desk.deliver(_text(0, 10_000))
        _wait_for(desk, 1)
        process = desk.system.processes["mailgw"].pid
        before = _megabytes(process, "VmRSS")
        makers: dict[str, Callable[[int, int], bytes]] = {
            "a file in base64": _file,
            "plain text": _text,
            "HTML": _html,
        }
        for number, (what, make) in enumerate(makers.items()):
            raw = make(2 * number + 1, SIZE_BYTES)
            _tell(f"{what} by pipe", process, desk, lambda raw=raw: desk.deliver(raw))
            raw = make(2 * number + 2, SIZE_BYTES)
            dovecot.drop([raw])
            _tell(f"{what} by IMAP", process, desk, desk.fetch)
        behind = _megabytes(process, "VmRSS")
        print(f"the gateway held {before:.0f} MB before, and holds {behind:.0f} MB behind them")


@contextmanager
def _desk() -> Iterator[tuple[Ours, DovecotServer]]:
    broker, dovecot = BrokerServer(), DovecotServer()
    try:
        broker.start()
        dovecot.start()
        with tempfile.TemporaryDirectory(prefix="casewire-memory-") as folder:
            settings = {"FETCH_INTERVAL_SECONDS": "3600"}
            system = RunningSystem(Path(folder), broker.new_vhost("memory"), **settings)
            with system.running():
                yield Ours(system, dovecot), dovecot
    finally:
        dovecot.destroy()
        broker.destroy()


def _tell(what: str, process: int, desk: Ours, act: Callable[[], None]) -> None:
    wanted = desk.count() + 1
    held = _megabytes(process, "VmRSS")
    Path(f"/proc/{process}/clear_refs").write_text("5")  # VmHWM counts from now on
    act()
    _wait_for(desk, wanted)
    peak = _megabytes(process, "VmHWM") - held
    print(f"25 MB, {what}: {peak:.0f} MB more at its peak = {peak * 1e6 / SIZE_BYTES:.1f} times")


def _wait_for(desk: Ours, count: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while desk.count() < count:
        if time.monotonic() > deadline:
            raise RuntimeError(
                f"{desk.count()} of {count} cases came within {PATIENCE_SECONDS:g} s"
            )
        time.sleep(0.02)


def _megabytes(process: int, name: str) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) * 1024 / 1e6


def _head(what: str, number: int) -> str:
    return (
        HEAD.format(what=what, number=number) + f"Message-ID: <{what}{number}@customer.example>\n"
    )


def _file(number: int, size: int) -> bytes:
    content = base64.encodebytes(random.Random(number).randbytes(size * 57 // 78)).decode()
    head = _head("file", number) + "Content-Type: multipart/mixed; boundary=b\n\n"
    text = f"--b\nContent-Type: text/plain\n\nHere it is.\n--b\n{FILE_HEAD}\n"
    return f"{head}{text}{content}\n--b--\n".encode()


FILE_HEAD = "Content-Type: application/pdf; name=belt.pdf\nContent-Transfer-Encoding: base64\n"


def _text(number: int, size: int) -> bytes:
    head = _head("text", number) + "Content-Type: text/plain; charset=utf-8\n\n"
    return (head + LINE.format(number=number) * (size // 88)).encode()


def _html(number: int, size: int) -> bytes:
    head = _head("html", number) + "Content-Type: text/html; charset=utf-8\n\n"
    return (head + f"<p>{LINE.format(number=number)}</p>" * (size // 95)).encode()


def main() -> int:
    """Measure alone."""
    measure_mail_memory()
    return 0


if __name__ == "__main__":
    sys.exit(main())
