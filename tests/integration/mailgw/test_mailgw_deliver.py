"""Mails by pipe and accounts by file, as a mail server and an operator call them (M9)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.mailgw import accounts
from services.mailgw.tables import raw_contents, raw_mails
from services.mailgw.vault import Vault
from services.runtime.database import Database, open_database
from services.runtime.settings import Settings

ROOT = Path(__file__).parents[3]
MAIL = b"From: ann@customer.example\nSubject: Printer\n\nIt is broken.\n\xff\x00\n"

Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`python -m services.mailgw …` with a home of its own."""

    def command(*arguments: str, stdin: bytes = b"", **more: str) -> Any:
        kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        environment = {**kept, "CASEWIRE_HOME": str(tmp_path / "home"), **more}
        program = [sys.executable, "-m", "services.mailgw", *arguments]
        return subprocess.run(
            program, input=stdin, env=environment, cwd=ROOT, capture_output=True, check=False
        )

    return command


@pytest.fixture
def stored(tmp_path: Path) -> Callable[[], list[tuple[str, bytes]]]:
    """What the home's database holds: account and bytes of each mail."""

    def read() -> list[tuple[str, bytes]]:
        database = Database(f"sqlite:///{tmp_path / 'home' / 'mailgw.sqlite3'}")
        joined = raw_mails.join(raw_contents, raw_contents.c.mail_id == raw_mails.c.id)
        question = select(raw_mails.c.account, raw_contents.c.content).select_from(joined)
        with database.read() as connection:
            found = [tuple(row) for row in connection.execute(question.order_by(raw_mails.c.id))]
        database.close()
        return found

    return read


def test_M9_a_piped_mail_is_kept_byte_for_byte_with_no_service_running(
    run: Run, stored: Callable[[], list[tuple[str, bytes]]]
) -> None:
    assert run("migrate").returncode == 0
    assert run("deliver", stdin=MAIL).returncode == 0
    assert run("deliver", "--account", "sales", stdin=MAIL).returncode == 0
    assert run("deliver", "--account", "sales", stdin=MAIL).returncode == 0
    assert stored() == [("pipe", MAIL), ("sales", MAIL)]


def test_M9_before_the_database_is_set_up_the_mail_server_keeps_the_mail(run: Run) -> None:
    ended = run("deliver", stdin=MAIL)
    assert ended.returncode == 75
    assert ended.stderr.decode().splitlines() == [
        "deliver: not stored, try again later: the database is not set up: "
        "run `python -m services.mailgw migrate` first"
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"CASEWIRE_HOME": "/dev/null/none"},
        {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
        {"DATABASE_URL": "mysql://wrong"},
    ],
)
def test_M9_whatever_is_wrong_the_mail_server_keeps_the_mail(
    run: Run, more: dict[str, str]
) -> None:
    ended = run("deliver", stdin=MAIL, **more)
    assert ended.returncode == 75
    assert ended.stderr.decode().startswith("deliver: not stored, try again later: ")


def test_M9_a_name_too_long_is_kept_and_a_wrong_call_is_told(run: Run) -> None:
    run("migrate")
    assert run("deliver", "--account", "x" * 101, stdin=MAIL).returncode == 75
    assert run("deliver", "--nonsense", stdin=MAIL).returncode == 64


def test_M2_accounts_are_loaded_from_a_file_approved_and_changed_by_name(
    run: Run, tmp_path: Path
) -> None:
    run("migrate")
    (tmp_path / "secret").write_text("geheim\n")
    file = tmp_path / "accounts.yaml"
    incoming = "{name: support, server: imap.example, login: support, password_file: secret}"
    file.write_text(
        f"incoming:\n - {incoming}\n"
        "outgoing:\n - {name: out, server: smtp.example, address: support@company.example}\n"
    )
    for _ in range(2):
        ended = run("load", str(file))
        assert ended.returncode == 0, ended.stderr
        assert ended.stdout == b"2 accounts saved and approved\n"
    settings = Settings(CASEWIRE_HOME=tmp_path / "home")  # type: ignore[call-arg]
    database = open_database(settings, "mailgw")
    with database.read() as connection:
        (support,) = accounts.incoming(connection)
        vault = Vault(tmp_path / "home" / "mailgw.key")
        assert accounts.password_of(connection, vault, support) == "geheim"
        assert support.approved and support.port == 993
        assert [one.approved for one in accounts.outgoing(connection)] == [True]
    database.close()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("incoming: [{name: x, pasword: geheim, server: y}]", "pasword: "),
        ("incoming: [{name: x, server: y, password_file: none}]", "password_file: none cannot"),
        ("password: geheim", "lists called incoming and outgoing"),
        ("incoming: [geheim]", "each account is a list of fields"),
        ("incoming: {geheim", "cannot be read"),
        ("- geheim", "lists called incoming and outgoing"),
    ],
)
def test_M2_a_wrong_file_is_told_and_changes_nothing(
    run: Run, tmp_path: Path, text: str, words: str
) -> None:
    run("migrate")
    (tmp_path / "accounts.yaml").write_text(text)
    ended = run("load", str(tmp_path / "accounts.yaml"))
    assert ended.returncode == 65
    assert words in ended.stderr.decode() and "geheim" not in ended.stderr.decode()
