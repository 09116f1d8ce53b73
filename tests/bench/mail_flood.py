"""The gateway killed again and again while thousands of mails flow in and out.

`PYTHONPATH=.:tests .venv/bin/python -W ignore -m bench.mail_flood --mails 5000`; `--seed` chooses
the moments of the kills and the mails, `--postgresql` the database.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.broker import BrokerServer
from support.dovecot import DovecotServer
from support.mail_flood import MailFlood
from support.mail_flood_account import account_of, come_to_rest
from support.mail_office import furnish
from support.postgresql import PostgresqlServer
from support.smtp_peer import SmtpPeer
from support.system import RunningSystem

PATIENCE_SECONDS = 900.0


def main() -> int:
    """Run one flood and print its account; 1 when a mail is lost, or doubled unexplained."""
    parser = argparse.ArgumentParser(prog="python -m bench.mail_flood")
    parser.add_argument("--mails", type=int, default=5000, help="that come in")
    parser.add_argument("--a-second", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--postgresql", action="store_true")
    chosen = parser.parse_args()
    with _office(postgresql=chosen.postgresql) as (system, dovecot, peer):
        flood = MailFlood(system, dovecot, peer, chosen.mails, chosen.a_second, chosen.seed)
        furnish(system, dovecot, peer)
        return _run(flood)


def _run(flood: MailFlood) -> int:
    begin = time.monotonic()
    flood.run()
    fed = time.monotonic()
    come_to_rest(flood, PATIENCE_SECONDS)
    rest = time.monotonic()
    account = account_of(flood)
    print(f"seed {flood.seed}: {len(flood.kills)} kills of the gateway, ", end="")
    print(f"{flood.killed_deliveries} of `deliver`, within {fed - begin:.0f} s; ", end="")
    print(f"at rest {rest - fed:.0f} s later")
    print(account)
    return 1 if account.wrong else 0


@contextmanager
def _office(*, postgresql: bool) -> Iterator[tuple[RunningSystem, DovecotServer, SmtpPeer]]:
    """The whole system, with a mailbox and a server that takes its mails."""
    broker, dovecot, peer, database = BrokerServer(), DovecotServer(), SmtpPeer(), None
    settings: dict[str, str] = {}
    try:
        broker.start()
        dovecot.start()
        peer.start()
        if postgresql:
            database = PostgresqlServer()
            database.start()
            settings["DATABASE_URL"] = database.url
        with tempfile.TemporaryDirectory(prefix="casewire-flood-") as folder:
            system = RunningSystem(Path(folder) / "home", broker.new_vhost("flood"), **settings)
            with system.running():
                yield system, dovecot, peer
    finally:
        peer.stop()
        dovecot.destroy()
        broker.destroy()
        if database is not None:
            database.destroy()


if __name__ == "__main__":
    sys.exit(main())
