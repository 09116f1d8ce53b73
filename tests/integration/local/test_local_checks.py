"""What is looked at before anything starts, and the one sentence when it is not well."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from support.broker import BrokerServer
from support.ports import free_port

from deploy.local import broker as brokers
from deploy.local import databases
from deploy.local.broker import choose_broker
from deploy.local.errors import CannotStart
from deploy.local.home import Home
from deploy.local.ports import check_ports

ROOT = Path(__file__).parents[3]
TAKE_HOME = """
import sys
from pathlib import Path
from deploy.local.home import Home
home = Home(Path(sys.argv[1]))
home.take()
print("taken", flush=True)
sys.stdin.read()
"""


def test_every_taken_port_is_named_with_its_setting() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as two,
    ):
        first, second = one.getsockname()[1], two.getsockname()[1]
        ports = {"WEB_PORT": first, "RULES_PORT": second, "CASES_PORT": free_port()}
        with pytest.raises(CannotStart) as caught:
            check_ports("127.0.0.1", ports)
    assert str(caught.value) == (
        f"port {first} is taken by another program; set WEB_PORT to a free one; "
        f"port {second} is taken by another program; set RULES_PORT to a free one"
    )
    check_ports("127.0.0.1", ports)


def test_one_port_for_two_services_is_refused() -> None:
    port = free_port()
    with pytest.raises(CannotStart, match=f"WEB_PORT and CASES_PORT are both {port}"):
        check_ports("127.0.0.1", {"WEB_PORT": port, "CASES_PORT": port})


def test_an_address_that_is_not_of_this_machine_is_named() -> None:
    with pytest.raises(CannotStart, match=r"\(WEB_PORT\) cannot be opened on 192\.0\.2\.1"):
        check_ports("192.0.2.1", {"WEB_PORT": free_port()})


def test_a_home_is_held_by_one_start_and_freed_with_it(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    command = [sys.executable, "-c", TAKE_HOME, str(home)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "taken\n"
        with pytest.raises(
            CannotStart, match=rf"running already on {home} \(process {holder.pid}\)"
        ):
            Home(home).take()
        holder.kill()
    Home(home).take()
    assert home.stat().st_mode & 0o077 == 0  # mails are nobody else's business


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotStart, match="CASEWIRE_HOME: cannot write to"):
        Home(tmp_path / "file" / "home").take()


def test_the_named_broker_is_used_where_it_answers(tmp_path: Path, broker: BrokerServer) -> None:
    chosen = choose_broker({"AMQP_URI": broker.uri}, Home(tmp_path))
    assert (chosen.uri, chosen.programs) == (broker.uri, ())


def test_a_named_broker_that_does_not_answer_is_said_without_its_password(tmp_path: Path) -> None:
    uri = f"amqp://casewire:geheim@127.0.0.1:{free_port()}/"
    with pytest.raises(CannotStart) as caught:
        choose_broker({"AMQP_URI": uri}, Home(tmp_path))
    said = str(caught.value)
    assert said.startswith("AMQP_URI (amqp://casewire:…@127.0.0.1:")
    assert "the message broker does not answer" in said
    assert "geheim" not in said


def test_what_is_no_address_of_a_broker_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="AMQP_URI should look like amqp://"):
        choose_broker({"AMQP_URI": "broker.example.com"}, Home(tmp_path))


def test_the_broker_of_the_machine_is_used_unless_one_of_our_own_holds_messages(
    tmp_path: Path, broker: BrokerServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brokers, "USUAL_URI", broker.uri)
    home = Home(tmp_path)
    assert choose_broker({}, home).programs == ()
    home.broker.mkdir()
    assert [program.name for program in choose_broker({}, home).programs] == ["names", "broker"]


def test_where_none_runs_our_own_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brokers, "USUAL_URI", f"amqp://guest:guest@127.0.0.1:{free_port()}/")
    chosen = choose_broker({}, Home(tmp_path))
    assert [program.name for program in chosen.programs] == ["names", "broker"]
    assert chosen.programs[1].environment["RABBITMQ_MNESIA_BASE"].startswith(str(tmp_path))


def test_without_rabbitmq_and_without_root_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brokers, "USUAL_URI", f"amqp://guest:guest@127.0.0.1:{free_port()}/")
    monkeypatch.setattr(brokers, "SERVER", tmp_path / "not installed")
    monkeypatch.setattr("os.getuid", lambda: 1000)
    with pytest.raises(CannotStart) as caught:
        choose_broker({}, Home(tmp_path))
    assert "apt-get install rabbitmq-server" in str(caught.value)
    assert "docker run" in str(caught.value)


@pytest.mark.parametrize("wanted", ["none", "0", "65536"])
def test_a_wrong_port_for_our_broker_is_named(wanted: str, tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="BROKER_PORT should be a TCP port"):
        choose_broker({"BROKER_PORT": wanted}, Home(tmp_path))


def test_a_database_of_a_newer_version_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CASEWIRE_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert databases.main() == 0
    with sqlite3.connect(tmp_path / "rules.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert databases.main() == 0  # the newer version has only added to it
    with sqlite3.connect(tmp_path / "rules.sqlite3") as connection:
        connection.execute("UPDATE schema_works_from SET revision = '9998'")
    assert databases.main() == 1
    assert "the database of rules is of a newer version of Casewire" in capsys.readouterr().err
