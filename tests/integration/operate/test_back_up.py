"""A back-up made in the middle of the work, restored elsewhere, is a whole system of one moment."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from builders.mail_program import new_mail
from integration.operate.conftest import Command, command_for
from sqlalchemy import text
from support.broker import BrokerServer
from support.mail_office import database_of, scalar
from support.postgresql import PostgresqlServer
from support.system import RunningSystem, wait_for

from services.mailgw.actions.store_mail import store_mails
from services.mailgw.tables import inbox, outbox
from services.messaging.publisher import Publisher
from services.messaging.retry import Delivery, give_up
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.identity import new_id

pytestmark = pytest.mark.timeout(600)  # seconds; many processes start, or much is checked

AT_ONCE, LATER = "Assign new cases", "Bring in Eve's manager"
SILENT = ("reporting", "rules")  # dead at the back-up: what is theirs waits in the broker


@dataclass
class Feeder:
    """Hands mails to the gateway until stopped; when each was accepted, by its subject."""

    system: RunningSystem
    accepted: dict[str, datetime] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        transactions = Transactions(database_of(self.system, "mailgw"), outbox, inbox)
        while not self.stopping.wait(0.02):
            subject = f"Mail {len(self.accepted)}"
            mail = new_mail("ann@blue.example", "s@ours.example", subject, "Hello")
            mail.replace_header("From", f"c{len(self.accepted)}@blue.example")
            mail.add_attachment(
                subject.encode(), maintype="image", subtype="png", filename="burnt.png"
            )
            store_mails(transactions, "pipe", [mail.as_bytes()])
            self.accepted[subject] = now()
        transactions.database.close()


def set_up(system: RunningSystem) -> None:
    """A rule that acts on each new case, and one that does two days later."""
    api = system.api()
    eve = api.post("/users", login="eve", name="Eve", address="eve@ours.example")
    assign = {"do": "assign", "user_id": eve["id"]}
    opened = {"do": "set_state", "state": "open"}
    api.post("/rules", name=AT_ONCE, criteria={"state_from": "none"}, actions=[assign, opened])
    api.post(
        "/rules",
        name=LATER,
        criteria={"state_from": "open", "state_to": "open"},
        trigger={"date": "creation", "delay": 2, "unit": "days"},
        actions=[{"do": "set_priority", "priority": "high"}],
    )


def count_cases(system: RunningSystem) -> int:
    return scalar(system, "cases", "SELECT count(*) FROM cases")


def give_up_a_letter(system: RunningSystem) -> str:
    publisher = Publisher(system.environment["AMQP_URI"])
    delivery = Delivery("casewire.cases", new_id(), "mail.received", b"{}")
    publisher.publish([give_up(delivery, ValueError("broken"))])
    publisher.close()
    return delivery.id


def back_up_under_load(system: RunningSystem, casewire: Command, target: Path) -> Feeder:
    """Mails come in all the time, and two services are dead while the back-up is made."""
    set_up(system)
    feeder = Feeder(system)
    thread = threading.Thread(target=feeder.run)
    thread.start()
    try:
        wait_for(lambda: count_cases(system) >= 10, "the first cases")
        for name in SILENT:
            system.kill(name)
        seen = count_cases(system)
        wait_for(lambda: count_cases(system) >= seen + 20, "cases that only the broker tells of")
        assert casewire("backup", target, "--with-keys") == 0
    finally:
        feeder.stopping.set()
        thread.join()
    return feeder


def system_on(make: str, request: pytest.FixtureRequest, home: Path) -> RunningSystem:
    """One with a home, a virtual host and databases of its own; not started."""
    broker: BrokerServer = request.getfixturevalue("broker")
    settings = {}
    if make == "postgresql":
        server: PostgresqlServer = request.getfixturevalue("postgresql")
        settings = {"DATABASE_URL": server.new_database(home.name)}
    return RunningSystem(home, broker.new_vhost(f"{home.name}-{make}"), **settings)


@pytest.mark.parametrize("make", ["sqlite", "postgresql"])
def test_what_was_accepted_before_the_moment_is_there_once_and_nothing_since(
    make: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    first, second = (system_on(make, request, tmp_path / name) for name in ("first", "second"))
    packed = tmp_path / "copies.tar.gz"
    with first.running():
        casewire = command_for(first.environment, monkeypatch)
        letter = give_up_a_letter(first)
        feeder = back_up_under_load(first, casewire, packed)
        assert casewire("restore", packed, "--check") == 0
        assert casewire("restore", packed, "--replace", "--empty-queues") == 1
        assert "services are running" in capsys.readouterr().err
        for name in list(first.processes):
            first.kill(name)

    casewire = command_for(second.environment, monkeypatch)
    keys = tmp_path / "copies.tar.gz.keys"
    for written in (packed, keys, *keys.iterdir()):
        assert written.stat().st_mode & 0o077 == 0, f"{written} can be read by others"
    assert casewire("restore", packed, "--keys", keys) == 0
    moment = moment_told(capsys.readouterr().out)
    assert (second.home / "web.key").read_text() == (first.home / "web.key").read_text()
    with second.running():
        expect_whole(second, feeder, moment)
        assert casewire("dead-letters", "show", "cases", letter) == 0
        expect_due_rules_to_fire_once(second)
        assert "\n0 differences found" in second.run_module("services.reporting", "rebuild")
    assert casewire("restore", packed, "--empty-queues") == 1
    assert "there is data already" in capsys.readouterr().err
    mails = "SELECT count(*) FROM raw_mails"
    whole = scalar(second, "mailgw", mails)
    change(second, "DELETE FROM raw_mails")
    assert casewire("restore", packed, "--empty-queues", "--replace") == 0
    assert scalar(second, "mailgw", mails) == whole
    assert set_aside(second) == ["cases", "mailgw", "reporting", "rules", "web"]


def change(system: RunningSystem, statement: str) -> None:
    database = database_of(system, "mailgw")
    with database.write() as connection:
        connection.execute(text(statement))
    database.close()


def set_aside(system: RunningSystem) -> list[str]:
    """The services whose databases are kept beside those that replaced them."""
    if "DATABASE_URL" not in system.environment:
        files = system.home.glob("before_restore_*/*.sqlite3")
        return sorted(file.name.removesuffix(".sqlite3") for file in files)
    database = database_of(system, "cases")
    with database.read() as connection:
        names = list(connection.scalars(text("SELECT nspname FROM pg_namespace")))
    database.close()
    return sorted(name.partition("_before_restore_")[0] for name in names if "before" in name)


def moment_told(said: str) -> datetime:
    found = re.search(r"restored: all as of (.*) UTC", said)
    assert found is not None, said
    return datetime.fromisoformat(found[1] + "+00:00")


def expect_whole(system: RunningSystem, feeder: Feeder, moment: datetime) -> None:
    """Each mail accepted before the moment is one message on one case, seen by every service."""
    mails = scalar(system, "mailgw", "SELECT count(*) FROM raw_mails")
    before = [subject for subject, at in feeder.accepted.items() if at < moment]
    assert len(before) <= mails < len(feeder.accepted)
    assigned = "SELECT count(*) FROM facts WHERE responsible_id IS NOT NULL AND state = 'open'"
    wait_for(lambda: scalar(system, "reporting", assigned) >= mails, "the reports on all cases")
    cases = list(system.api().all_of("/cases"))
    subjects = Counter(case["subject"] for case in cases)
    assert set(before) <= set(subjects)
    assert set(subjects.values()) == {1}
    assert len(cases) == mails == scalar(system, "cases", "SELECT count(*) FROM messages")
    firings = "SELECT count(*) FROM history WHERE actor_kind = 'rule'"
    assert scalar(system, "cases", firings) == mails
    case = system.api().get(f"/cases/{cases[0]['number']}")
    attachment = case["messages"][0]["attachments"][0]
    assert attachment["size_bytes"] == len(case["subject"])


def expect_due_rules_to_fire_once(system: RunningSystem) -> None:
    """Two days later the other rule fires on every case, and on none twice."""
    system.kill("rules")
    system.start_service("rules", days_ahead=2.01)
    mails = count_cases(system)
    high = "SELECT count(*) FROM facts WHERE priority = 'high'"
    wait_for(lambda: scalar(system, "reporting", high) >= mails, "the rules that were due")
    firings = "SELECT count(*) FROM history WHERE actor_kind = 'rule'"
    assert scalar(system, "cases", firings) == 2 * mails


def test_a_damaged_or_unfinished_back_up_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    casewire = command_for({"CASEWIRE_HOME": str(tmp_path / "home")}, monkeypatch)
    assert casewire("restore", tmp_path / "none", "--check") == 1
    folder = tmp_path / "copy"
    (folder / "databases").mkdir(parents=True)
    assert casewire("restore", folder, "--check") == 1
    assert "no finished back-up" in capsys.readouterr().err
    manifest = {
        "taken_at": "2026-11-26T10:00:00Z",
        "send_again_from": "2026-11-24T10:00:00Z",
        "databases": "sqlite",
        "revisions": {"cases": "9999"},
        "files": {"databases/cases.sqlite3": "0" * 64},
        "attachments": 0,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert casewire("restore", folder, "--check") == 1
    assert "databases/cases.sqlite3 is missing" in capsys.readouterr().err
    (folder / "databases" / "cases.sqlite3").write_bytes(b"x")
    assert casewire("restore", folder, "--check") == 1
    assert "is damaged" in capsys.readouterr().err
    (folder / "manifest.json").write_text(json.dumps({**manifest, "files": {}}))
    assert casewire("restore", folder, "--check") == 1
    assert "9999" in capsys.readouterr().err
