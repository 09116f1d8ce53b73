"""`deliver` hands its mails to the gateway that runs, and loses none when that stops (M9)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from services.mailgw import delivery_door as module
from services.mailgw import hand_over as client
from services.mailgw.delivery_door import DeliveryDoor
from services.mailgw.hand_over import SOCKET, hand_over
from services.mailgw.tables import raw_contents, raw_mails
from services.messaging.transaction import Transactions


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CASEWIRE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def door(transactions: Transactions, home: Path) -> Iterator[DeliveryDoor]:
    door = DeliveryDoor(transactions, home / SOCKET)
    door.keep_open()
    yield door
    door.close()


def stored(transactions: Transactions) -> list[tuple[str, bytes]]:
    joined = raw_mails.join(raw_contents, raw_contents.c.mail_id == raw_mails.c.id)
    question = select(raw_mails.c.account, raw_contents.c.content).select_from(joined)
    with transactions.database.read() as connection:
        return sorted((row.account, bytes(row.content)) for row in connection.execute(question))


def test_M9_what_is_handed_over_is_stored_byte_for_byte(
    transactions: Transactions, door: DeliveryDoor
) -> None:
    raw = b"From: a@b.example\n\n\xff\x00\nkept\n"
    assert hand_over("sales", raw) and hand_over("sales", raw)
    assert stored(transactions) == [("sales", raw)]


def test_M9_many_at_once_share_commits(
    transactions: Transactions, door: DeliveryDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[int] = []
    all_there = threading.Event()
    store = module.store_mails

    def slowly(transactions: Transactions, account: str, raws: list[bytes]) -> object:
        all_there.wait(1 if commits else 0.5)  # the first commit takes a while
        commits.append(len(raws))
        return store(transactions, account, raws)

    monkeypatch.setattr(module, "store_mails", slowly)
    raws = [f"Subject: {number}\n\nx\n".encode() for number in range(30)]
    with ThreadPoolExecutor(30) as senders:
        assert all(senders.map(lambda raw: hand_over("pipe", raw), raws))
    assert [raw for _, raw in stored(transactions)] == sorted(raws)
    assert len(commits) < len(raws) and sum(commits) == len(raws)


def test_M9_what_cannot_be_stored_is_not_said_to_be(
    transactions: Transactions, door: DeliveryDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(module, "store_mails", full)
        assert not hand_over("pipe", b"Subject: x\n\n")
    assert hand_over("pipe", b"Subject: x\n\n")


def test_M9_without_a_gateway_or_with_a_large_mail_nothing_is_handed_over(
    transactions: Transactions,
    home: Path,
    door: DeliveryDoor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(client, "MOST_BYTES", 100)
        assert not hand_over("pipe", b"x" * 101)
    assert not hand_over("two\nlines", b"x")
    door.close()
    assert not hand_over("pipe", b"Subject: x\n\n")
    assert stored(transactions) == [] and not (home / SOCKET).exists()


@pytest.mark.parametrize(
    "said",
    [b"", b"pipe", b"pipe\n-1\n", b"pipe\n99999999999\n", b"pipe\n10\nshort", b"\n" * 9000],
    ids=["nothing", "a name", "no size", "too much", "cut", "lines"],
)
def test_M9_whatever_else_is_said_there_stores_nothing_and_stops_nobody(
    transactions: Transactions, home: Path, door: DeliveryDoor, said: bytes
) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(home / SOCKET))
        connection.sendall(said)
        connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):  # it does not read to the end what makes no sense
            assert connection.recv(10) == b""
    assert stored(transactions) == []
    assert hand_over("pipe", b"Subject: x\n\n")


def test_O2_one_of_several_gateways_listens_and_another_when_that_has_died(
    transactions: Transactions, home: Path, door: DeliveryDoor
) -> None:
    second = DeliveryDoor(transactions, home / SOCKET)
    second.keep_open()
    number = (home / SOCKET).stat().st_ino
    door.keep_open()
    assert (home / SOCKET).stat().st_ino == number
    assert door._listener is not None
    door._listener.shutdown(socket.SHUT_RDWR)
    door._listener.close()  # as if it had been killed: the file stays behind
    second.keep_open()
    assert hand_over("pipe", b"Subject: x\n\n")
    door.close()
    assert hand_over("pipe", b"Subject: y\n\n")
    second.close()


def test_M9_only_the_gateway_s_own_user_may_bring_mails(home: Path, door: DeliveryDoor) -> None:
    assert (home / SOCKET).stat().st_mode & 0o777 == 0o600
