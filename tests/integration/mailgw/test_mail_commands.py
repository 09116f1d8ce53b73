"""What operators see and do about mails from the command line (M11)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.contracts.envelope import Actor
from services.contracts.filing import FiledData, MailFiled
from services.contracts.mail import Address, MailSend, MailSendData, message_id_for
from services.mailgw import mail_list
from services.mailgw.actions.note_filings import note_filings
from services.mailgw.actions.process_stored_mails import process_stored_mails
from services.mailgw.actions.queue_mail import queue_mails
from services.mailgw.actions.store_mail import store_mails
from services.mailgw.incoming.pipeline import FILTERS
from services.mailgw.tables import inbox, outbox
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.file_store import FileStore
from services.runtime.identity import new_id
from services.runtime.migration import migrate_database

ROOT = Path(__file__).parents[3]
LETTER = (
    b"From: ann@blue.example\nSubject: Printer \x1b[2J\nMessage-ID: <a@blue.example>\n\nhelp\xff\n"
)
UNREADABLE = b"Subject: Nobody wrote this\n\nboo\n"

Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Transactions]:
    """The database of a home, and in it a letter that is on case 101, and one in quarantine."""
    home = tmp_path / "home"
    home.mkdir()
    database = Database(f"sqlite:///{home / 'mailgw.sqlite3'}")
    migrate_database(database, "mailgw")
    made = Transactions(database, outbox, inbox)
    ids = store_mails(made, "pipe", [LETTER, UNREADABLE]).ids
    assert process_stored_mails(made, FileStore(str(home / "files"))) == 2
    data = FiledData(mail_id=ids[0], how="new", why="it opens one", case_number=101)
    note_filings(made, [MailFiled(id=new_id(), occurred_at=now(), case_id=101, data=data)])
    yield made
    database.close()


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`python -m services.mailgw …` in that home."""

    def command(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        environment = {**kept, "CASEWIRE_HOME": str(tmp_path / "home")}
        program = [sys.executable, "-m", "services.mailgw", *arguments]
        return subprocess.run(program, env=environment, cwd=ROOT, capture_output=True, check=False)

    return command


def ids_of(gateway: Transactions) -> dict[str, str]:
    """The ids of the mails, by status."""
    with gateway.database.read() as connection:
        page = mail_list.page(connection, mail_list.MailQuestion())
    return {item["status"]: item["id"] for item in page["items"]}


def test_M11_mails_are_listed_shown_and_written_out(gateway: Transactions, run: Run) -> None:
    ids = ids_of(gateway)
    lines = run("mails").stdout.decode().splitlines()
    assert len(lines) == 2 and lines[0].startswith(ids["quarantined"])
    assert "filed [101] ann@blue.example: Printer" in lines[1] and "\x1b" not in lines[1]
    only = run("mails", "--q", "printer", "--case", "101").stdout.decode().splitlines()
    assert only == lines[1:]
    shown = run("mail", ids["filed"]).stdout.decode()
    assert "it opens one" in shown
    assert all(f"  {one.__name__}: " in shown for one in FILTERS)
    assert run("raw", ids["filed"]).stdout == LETTER
    more = run("mails", "--limit", "1").stdout.decode().splitlines()
    assert more[-1] == f"more: --before {ids['quarantined']}"
    assert run("mails", "--before", ids["quarantined"]).stdout.decode().splitlines() == lines[1:]


def test_M11_the_filters_are_listed_in_their_order(gateway: Transactions, run: Run) -> None:
    lines = run("filters").stdout.decode().splitlines()
    assert [line.split()[1].rstrip(":") for line in lines] == [one.__name__ for one in FILTERS]


def test_M11_a_mail_in_quarantine_is_tried_again_and_others_are_refused_in_words(
    gateway: Transactions, run: Run
) -> None:
    ids = ids_of(gateway)
    assert run("retry", ids["quarantined"]).stdout == b"it is tried again\n"
    with gateway.database.read() as connection:
        view = mail_list.view(connection, ids["quarantined"])
    assert view.status == "stored" and "at the command line" in view.acts[0].user_name
    refused = run("retry", ids["filed"])
    assert refused.returncode == os.EX_DATAERR
    assert b"nothing is open for a mail that is filed" in refused.stderr
    unknown = run("mail", "none")
    assert (unknown.returncode, unknown.stderr) == (65, b"mail: there is no mail none\n")


def test_M6_the_queue_is_listed_and_a_mail_of_it_given_up_and_tried_again(
    gateway: Transactions, run: Run
) -> None:
    command_id = new_id()
    data = MailSendData(
        purpose="reply",
        message_id=message_id_for(command_id, "support@company.example"),
        sender=Address(address="support@company.example"),
        to=(Address(address="ann@blue.example"),),
        subject="[101] Printer",
        text="It is on its way.",
    )
    actor = Actor(kind="user", id=2, name="Anna")
    order = MailSend(id=command_id, occurred_at=now(), case_id=101, actor=actor, data=data)
    assert queue_mails(gateway, [order]) == []
    listed = run("queue").stdout.decode()
    assert command_id in listed and "to ann@blue.example" in listed
    assert run("give-up", command_id).stdout == b"it is given up\n"
    assert run("queue").stdout == b""
    assert "at the command line" in run("queue", "--failed").stdout.decode()
    assert b"it has been given up" in run("give-up", command_id).stderr
    assert run("send", command_id).stdout == b"it is tried again\n"
    assert command_id in run("queue").stdout.decode()
