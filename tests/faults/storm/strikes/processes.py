"""Processes are killed, frozen, or see their clock jump."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from faults.storm.evidence import database_of
from faults.storm.plan import Fault
from faults.storm.site import Site
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from support.system import ROOT

UNSENT = "SELECT count(*) FROM outbox WHERE sent_at IS NULL"
PATIENCE_SECONDS = 8.0


def kill_service(site: Site, fault: Fault) -> str:
    """kill -9, wherever it is."""
    site.system.strike(fault.target, fault.seconds)
    return ""


def kill_while_relaying(site: Site, fault: Fault) -> str:
    """kill -9 at a moment when its outbox holds what is not sent yet."""
    database = database_of(site, fault.target)
    until, waiting = time.monotonic() + PATIENCE_SECONDS, 0
    try:
        while not waiting and time.monotonic() < until:
            try:
                with database.read() as connection:
                    waiting = int(connection.scalar(text(UNSENT)) or 0)
            except SQLAlchemyError:  # the database is struck as well
                time.sleep(0.2)
        site.system.strike(fault.target, fault.seconds)
    finally:
        database.close()
    return f"{waiting} messages were not sent"


def kill_between_confirm_and_mark(site: Site, fault: Fault) -> str:
    """A relay in a process of its own dies when the broker has confirmed, and nothing is marked."""
    arguments = [_address(site, fault.target), site.amqp_uri]
    with site.system.down(fault.target):
        command = [sys.executable, "-m", "support.dying_relay", *arguments]
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        relay = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, stderr=subprocess.DEVNULL
        )
        try:
            code = relay.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            relay.kill()
            relay.wait()
            return "the relay found nothing to send"
    return "" if code == -signal.SIGKILL else f"the relay ended with {code}"


def freeze_service(site: Site, fault: Fault) -> str:
    """It stops where it stands, and goes on a while later (SIGSTOP, SIGCONT)."""
    site.system.send_signal(fault.target, signal.SIGSTOP)
    time.sleep(fault.seconds)
    site.system.send_signal(fault.target, signal.SIGCONT)
    return ""


def jump_clock(site: Site, fault: Fault) -> str:
    """Its clock is set wrong, and right again a while later."""
    site.system.set_clock(fault.target, float(fault.details["by_seconds"]))
    time.sleep(fault.seconds)
    site.system.set_clock(fault.target, 0.0)
    return ""


def kill_broker(site: Site, fault: Fault) -> str:
    """kill -9 of RabbitMQ; it comes back with what was durable."""
    with site.broker_turn:
        site.broker.kill()
        time.sleep(fault.seconds)
        site.broker.start()
    return ""


def kill_database(site: Site, fault: Fault) -> str:
    """kill -9 of PostgreSQL; it recovers from its log."""
    assert site.postgresql is not None, "there is no database server to kill"
    with site.database_turn:
        site.postgresql.kill()
        time.sleep(fault.seconds)
        site.revive_database()
    return ""


def _address(site: Site, service: str) -> str:
    """The database of a service: its file, or its address and schema."""
    if site.postgresql is not None:
        return f"{site.postgresql.url}#{service}"
    return f"sqlite:///{site.system.home / f'{service}.sqlite3'}"
