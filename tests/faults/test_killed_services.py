"""kill -9 of every service under load: no mail is lost, and none takes effect twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders.mail_program import new_mail
from sqlalchemy import text
from support.system import RunningSystem, wait_for

from services.mailgw.actions.store_mail import store_mails
from services.mailgw.tables import inbox, outbox
from services.messaging.transaction import Transactions
from services.runtime.database import Database, open_database
from services.runtime.settings import Settings

MAILS = 120
VICTIMS = ("cases", "rules", "mailgw", "reporting", "cases", "mailgw")


@pytest.fixture
def system(own_broker: str, tmp_path: Path) -> Iterator[RunningSystem]:
    with RunningSystem(tmp_path / "home", own_broker).running() as made:
        yield made


def database(system: RunningSystem, service: str) -> Database:
    return open_database(Settings(CASEWIRE_HOME=system.home), service)  # type: ignore[call-arg]


def count(where: Database, question: str) -> int:
    with where.read() as connection:
        return int(connection.scalar(text(question)) or 0)


def test_M3_whatever_is_killed_each_mail_becomes_one_case_one_firing_and_one_mail(
    system: RunningSystem,
) -> None:
    api = system.api()
    eve = api.post("/users", login="eve", name="Eve", address="eve@ours.example")
    api.post(
        "/rules",
        name="Assign new cases",
        criteria={"state_from": "none"},
        actions=[{"do": "assign", "user_id": eve["id"]}, {"do": "set_state", "state": "open"}],
    )
    gateway, reporting = database(system, "mailgw"), database(system, "reporting")
    transactions = Transactions(gateway, outbox, inbox)
    stop = threading.Event()

    def feed() -> None:
        for number in range(MAILS):
            sender = f"c{number}@blue.example"
            mail = new_mail(sender, "support@ours.example", f"Mail {number}", "Hello")
            store_mails(transactions, "pipe", [mail.as_bytes()])
            stop.wait(0.05)

    feeder = threading.Thread(target=feed)
    feeder.start()
    for victim in VICTIMS:
        system.kill(victim)
        system.start_service(victim)
        system.wait_until_ready(victim)
    feeder.join()

    cases = database(system, "cases")
    assigned = "SELECT count(*) FROM facts WHERE responsible_id IS NOT NULL"
    wait_for(lambda: count(reporting, assigned) >= MAILS, "the report on every mail", 90)
    wait_for(lambda: count(gateway, "SELECT count(*) FROM outgoing") >= MAILS, "every mail", 90)
    subjects = [case["subject"] for case in all_cases(system)]
    assert sorted(subjects) == sorted(f"Mail {number}" for number in range(MAILS))
    assert count(cases, "SELECT count(*) FROM messages") == MAILS
    assert count(cases, "SELECT count(*) FROM history WHERE actor_kind = 'rule'") == MAILS
    assert count(gateway, "SELECT count(*) FROM outgoing") == MAILS
    assert count(reporting, assigned) == MAILS


def all_cases(system: RunningSystem) -> list[dict[str, Any]]:
    api, found, query = system.api(), [], {"limit": 100}
    while True:
        page = api.get("/cases", **query)
        found += page["items"]
        if page["next"] is None:
            return found
        query["cursor"] = page["next"]
