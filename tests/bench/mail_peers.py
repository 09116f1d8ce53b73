"""Mails a second by pipe and by IMAP, ours beside django-helpdesk's and roundup's gateways.

Runs alone by `PYTHONPATH=.:tests .venv/bin/python -W ignore -m bench.mail_peers`. The clock runs
from the first mail until the last of them is a case with its message, whoever is asked.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.peer_desks import Desk, DjangoHelpdesk, Ours, Roundup, peers_are_installed
from bench.peer_mails import make_mails
from support.broker import BrokerServer
from support.dovecot import DovecotServer
from support.system import RunningSystem

KB = 1000
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class Portion:
    """So many mails of one size, by pipe and by IMAP."""

    size_bytes: int
    by_pipe: int
    by_imap: int

    @property
    def told(self) -> str:
        """The size in words."""
        kb = self.size_bytes // KB
        return f"{kb} kB" if kb < 1000 else f"{kb // 1000} MB"


PORTIONS = (
    Portion(1 * KB, 60, 300),
    Portion(100 * KB, 40, 100),
    Portion(1000 * KB, 20, 30),
    Portion(10_000 * KB, 5, 6),
)


def measure_mail_peers(scale: float = 1.0) -> None:
    """Give each desk the same mails, and print how many it takes a second."""
    if not peers_are_installed():
        raise RuntimeError("run deploy/local/peers.sh first")
    with _desks() as (desks, dovecot):
        for number, portion in enumerate(PORTIONS):
            pipe = make_mails(_scaled(portion.by_pipe, scale), portion.size_bytes, 3 * number + 1)
            together = make_mails(len(pipe), portion.size_bytes, 3 * number + 2)
            imap = make_mails(_scaled(portion.by_imap, scale), portion.size_bytes, 3 * number + 3)
            by_turns = {one.name: _by_pipe(one, pipe, 1) for one in desks}
            _tell(f"{portion.told} by pipe, one after another", by_turns)
            at_once = {
                one.name: _by_pipe(one, together, one.at_once) for one in desks if one.at_once > 1
            }
            _tell(f"{portion.told} by pipe, four at once", at_once)
            fetched = {one.name: _by_imap(one, imap, dovecot) for one in desks}
            _tell(f"{portion.told} by IMAP", fetched)


@contextmanager
def _desks() -> Iterator[tuple[Sequence[Desk], DovecotServer]]:
    broker = BrokerServer()
    dovecot = DovecotServer(("support", "helpdesk", "roundup"))
    try:
        broker.start()
        dovecot.start()
        with tempfile.TemporaryDirectory(prefix="casewire-peers-") as folder:
            home = Path(folder)
            settings = {"FETCH_INTERVAL_SECONDS": "3600"}
            with RunningSystem(
                home / "ours", broker.new_vhost("peers"), **settings
            ).running() as ours:
                roundup = Roundup(home / "roundup", dovecot)
                helpdesk = DjangoHelpdesk(home / "helpdesk", dovecot)
                yield (Ours(ours, dovecot), helpdesk, roundup), dovecot
    finally:
        dovecot.destroy()
        broker.destroy()


def _by_pipe(desk: Desk, mails: Sequence[bytes], at_once: int) -> float:
    """Mails a second."""

    desk.prepare("pipe")

    def bring() -> None:
        with ThreadPoolExecutor(at_once) as senders:
            list(senders.map(desk.deliver, mails))

    return _timed(desk, len(mails), bring)


def _by_imap(desk: Desk, mails: Sequence[bytes], dovecot: DovecotServer) -> float:
    dovecot.empty(desk.user)
    dovecot.drop(mails, desk.user)
    desk.prepare("imap")
    found = _timed(desk, len(mails), desk.fetch)
    dovecot.empty(desk.user)
    return found


def _timed(desk: Desk, count: int, act: Callable[[], None]) -> float:
    wanted = desk.count() + count
    begin = time.perf_counter()
    act()
    while desk.count() < wanted:
        if time.perf_counter() - begin > PATIENCE_SECONDS:
            raise RuntimeError(f"{desk.name} made {desk.count()} of {wanted} cases")
        time.sleep(0.01)
    seconds = time.perf_counter() - begin
    if desk.count() > wanted:
        raise RuntimeError(f"{desk.name} made {desk.count()} cases, not {wanted}")
    return count / seconds


def _tell(what: str, rates: dict[str, float]) -> None:
    ours = rates["casewire"]
    others = (f"{name} {rate:.2f} (we {ours / rate:.1f} times)" for name, rate in rates.items())
    print(f"{what}: casewire {ours:.2f} mails/s; {'; '.join(list(others)[1:])}", flush=True)


def _scaled(count: int, scale: float) -> int:
    return max(2, round(count * scale))


def main() -> int:
    """Measure alone; `--scale 0.1` for a quick look."""
    parser = argparse.ArgumentParser(prog="python -m bench.mail_peers")
    parser.add_argument("--scale", type=float, default=1.0)
    measure_mail_peers(parser.parse_args().scale)
    return 0


if __name__ == "__main__":
    sys.exit(main())
