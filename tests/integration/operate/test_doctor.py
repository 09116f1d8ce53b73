"""The doctor finds what is wrong with a running system, and says what to do."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from integration.operate.conftest import Command
from kombu.connection import Connection
from sqlalchemy import text
from support.ports import free_port
from support.postgresql import PostgresqlServer
from support.system import RunningSystem, wait_for

from deploy.operate.__main__ import main
from services.messaging import topology
from services.messaging.publisher import Publisher
from services.messaging.retry import Delivery, give_up
from services.runtime.database import open_database
from services.runtime.identity import new_id
from services.runtime.migration import migrate
from services.runtime.settings import Settings

Found = dict[str, dict[str, str]]
Doctor = Callable[..., Found]


@pytest.fixture
def doctor(casewire: Command, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """What the doctor finds that is not well, by the name of the check."""

    def ask(*arguments: str) -> Found:
        capsys.readouterr()
        code = casewire("doctor", "--json", *arguments)
        found = json.loads(capsys.readouterr().out)
        assert code == int(any(one["level"] == "wrong" for one in found))
        return {one["check"]: one for one in found if one["level"] != "ok"}

    return ask


def at_first(found: Found) -> Found:
    """Without what is not well with a system that nobody has set up, or that others have used."""
    fresh = ("incoming accounts", "outgoing accounts", "web address", "quarantine")
    return {check: one for check, one in found.items() if check not in fresh}


def wait_until_well(doctor: Doctor) -> None:
    """A service is ready a moment before it reads its queue."""
    wait_for(lambda: not at_first(doctor("--not-whole-files")), "a system that is well")


def start_again(system: RunningSystem, name: str, doctor: Doctor) -> None:
    system.start_service(name)
    system.wait_until_ready(name)
    wait_until_well(doctor)


def test_a_running_system_is_well(
    doctor: Doctor, casewire: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    wait_until_well(doctor)
    found = doctor()
    assert "*Mail accounts*" in found["incoming accounts"]["cure"]
    assert casewire("doctor") == 0
    said = capsys.readouterr().out
    assert "ok       queue casewire.web: 1 take from it" in said
    assert said.endswith(" 0 wrong\n")


def test_a_dead_service_is_found_by_its_queue_and_its_port(
    doctor: Doctor, system: RunningSystem
) -> None:
    system.kill("rules")
    wait_for(lambda: "queue casewire.rules" in doctor("--not-whole-files"), "the lost consumer")
    found = doctor("--not-whole-files")
    assert set(at_first(found)) == {"queue casewire.rules", "service rules"}
    assert found["service rules"]["level"] == "wrong"
    start_again(system, "rules", doctor)


def test_dead_letters_are_told_of(doctor: Doctor, system: RunningSystem) -> None:
    publisher = Publisher(system.environment["AMQP_URI"])
    delivery = Delivery("casewire.cases", new_id(), "mail.received", b"{}")
    publisher.publish([give_up(delivery, ValueError("broken"))])
    publisher.close()
    found = at_first(doctor("--not-whole-files"))
    assert set(found) == {"dead letters of cases"}
    assert "casewire dead-letters list cases" in found["dead letters of cases"]["cure"]
    with Connection(system.environment["AMQP_URI"]) as connection:
        dead = topology.dead_letter_queue("casewire.cases").bind(connection.default_channel)
        dead.purge()


def test_a_key_that_others_may_read_is_wrong(doctor: Doctor, system: RunningSystem) -> None:
    key = system.home / "web.key"
    key.chmod(0o640)
    found = at_first(doctor("--not-whole-files"))
    assert found["web key"]["cure"] == f"chmod 600 {key}"
    key.chmod(0o600)


@contextmanager
def changed(file: Path, change: str, back: str) -> Iterator[None]:
    """A database with this change in it."""
    connection = sqlite3.connect(file)
    connection.execute(change)
    connection.commit()
    yield
    connection.execute(back)
    connection.commit()
    connection.close()


def test_what_waits_too_long_in_an_outbox_is_found(doctor: Doctor, system: RunningSystem) -> None:
    system.kill("mailgw")
    row = "'x', 'mail.sent', '{}', '2026-01-01 00:00:00.000000+00:00'"
    add = f"INSERT INTO outbox (id, type, body, created_at) VALUES ({row})"
    with changed(system.home / "mailgw.sqlite3", add, "DELETE FROM outbox WHERE id = 'x'"):
        found = doctor("--not-whole-files")
    assert "1 messages wait to be published" in found["outbox of mailgw"]["says"]
    start_again(system, "mailgw", doctor)


def test_a_broken_rule_and_a_held_mail_are_warned_of(doctor: Doctor, system: RunningSystem) -> None:
    actions = [{"do": "set_state", "state": "open"}]
    saved = system.api().post(
        "/rules", name="Breaks", criteria={"state_from": "none"}, actions=actions
    )
    rule = saved["rule"]
    moment = "strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')"
    broke = (
        "INSERT INTO rule_failures (rule_id, case_number, at, error, attempts)"
        f" VALUES ({rule['id']}, 101, {moment}, 'x', 1)"
    )
    forget = "DELETE FROM rule_failures"
    assert system.deliver(b"\xff\xfe not a mail") == 0
    wait_for(lambda: "quarantine" in doctor("--not-whole-files"), "the held mail")
    with changed(system.home / "rules.sqlite3", broke, forget):
        assert "it broke on 1 cases" in doctor("--not-whole-files")["rule Breaks"]["says"]


@pytest.mark.parametrize("make", ["sqlite", "postgresql"])
def test_older_newer_and_missing_schemas_are_told_apart(
    make: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CASEWIRE_HOME", str(tmp_path))
    monkeypatch.setenv("AMQP_URI", f"amqp://guest:guest@127.0.0.1:{free_port()}/")
    if make == "postgresql":
        server: PostgresqlServer = request.getfixturevalue("postgresql")
        monkeypatch.setenv("DATABASE_URL", server.new_database("doctored"))
    settings = Settings.load()
    for service in ("cases", "rules", "mailgw", "web"):
        migrate(settings, service)
    for service, revision in (("cases", "9999"), ("rules", "0001"), ("web", "9999")):
        database = open_database(settings, service)
        with database.write() as connection:
            connection.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))
            if service == "cases":
                connection.execute(text("UPDATE schema_works_from SET revision = '9998'"))
        database.close()
    assert main(["doctor", "--json"]) == 1
    found = {
        one["check"]: one
        for one in json.loads(capsys.readouterr().out)
        if one["check"].startswith("database")
    }
    assert found["database of cases"]["level"] == "wrong"
    assert "it is newer" in found["database of cases"]["says"]
    assert found["database of web"]["level"] == "warning"
    assert "this release works with it" in found["database of web"]["says"]
    assert found["database of rules"]["cure"] == "`python -m services.rules migrate`"
    assert found["database of mailgw"]["level"] == "ok"
    assert found["database of reporting"]["level"] == "wrong"


def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WEB_PORT", "none")
    assert main(["doctor"]) == 1
    assert "WEB_PORT" in capsys.readouterr().out
