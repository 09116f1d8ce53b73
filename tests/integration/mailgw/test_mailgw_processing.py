"""Stored mails: each ends as published, own, or quarantined, and none holds up the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from support.smtp_peer import SmtpPeer

from services.mailgw import accounts, raw_store
from services.mailgw.account_saving import save_account
from services.mailgw.actions import process_stored_mails as module
from services.mailgw.actions.process_stored_mails import MOST_ATTEMPTS, process_stored_mails
from services.mailgw.actions.store_mail import store_mails
from services.mailgw.tables import raw_mails
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions
from services.runtime.file_store import FileStore

Told = Callable[[], list[tuple[str, dict[str, Any]]]]


def mail(number: int, sender: str = "ann@customer.example", extra: str = "") -> bytes:
    return f"From: {sender}\r\n{extra}Subject: Printer {number}\r\n\r\nIt is broken.\r\n".encode()


def rows(transactions: Transactions) -> list[dict[str, Any]]:
    with transactions.database.read() as connection:
        question = select(raw_mails).order_by(raw_mails.c.id)
        return [dict(row) for row in connection.execute(question).mappings()]


def test_M4_a_stored_mail_is_published_with_the_defaults_of_its_account(
    transactions: Transactions, vault: Vault, process_all: Callable[[], int], told: Told
) -> None:
    fields = {
        "name": "sales",
        "protocol": "pipe",
        "keep_attachments": False,
        "new_case": {"kind": "opportunity", "section_id": 7},
    }
    with transactions.database.write() as connection:
        save_account(connection, vault, "incoming", fields)
    extra = "Content-Type: application/pdf\r\nContent-Disposition: attachment\r\n"
    ids = store_mails(transactions, "sales", [mail(1, extra=extra)]).ids
    ids += store_mails(transactions, "nowhere configured", [mail(1, extra=extra)]).ids
    assert process_all() == 2
    (kind, sales), (_, other) = told()
    assert kind == "mail.received" and sales["data"]["mail_id"] == ids[0]
    assert sales["data"]["new_case"]["kind"] == "opportunity"
    assert sales["data"]["attachments"] == []
    assert other["data"]["account"] == "nowhere configured"
    assert len(other["data"]["attachments"]) == 1


@pytest.mark.parametrize("spam", ["hold", "take"])
def test_M10_an_account_holds_spam_or_takes_it_in(
    transactions: Transactions,
    vault: Vault,
    process_all: Callable[[], int],
    told: Told,
    spam: str,
) -> None:
    with transactions.database.write() as connection:
        fields = {"name": "sales", "protocol": "pipe", "spam": spam}
        save_account(connection, vault, "incoming", fields)
    store_mails(transactions, "sales", [mail(1, extra="X-Rspamd-Action: add header\r\n")])
    process_all()
    ((found, event),) = told()
    assert found == {"hold": "mail.quarantined", "take": "mail.received"}[spam]
    if spam == "take":
        verdicts = {one["filter"]: one["outcome"] for one in event["data"]["verdicts"]}
        assert verdicts["is_spam"] == "yes"


def test_M10_only_approved_accounts_are_our_own(
    transactions: Transactions,
    vault: Vault,
    peer: SmtpPeer,
    process_all: Callable[[], int],
    told: Told,
) -> None:
    with transactions.database.write() as connection:
        save_account(connection, vault, "outgoing", peer.account(address="Support@company.example"))
    store_mails(transactions, "pipe", [mail(1, "support@company.example")])
    process_all()
    with transactions.database.write() as connection:
        accounts.approve(connection, "outgoing", "out")
    store_mails(transactions, "pipe", [mail(2, "SUPPORT@company.example")])
    process_all()
    assert [row["status"] for row in rows(transactions)] == ["published", "own"]
    assert [kind for kind, _ in told()] == ["mail.received"]


def test_M12_a_mail_that_took_the_process_with_it_is_quarantined_and_its_neighbours_are_not(
    transactions: Transactions, monkeypatch: pytest.MonkeyPatch, process_all: Callable[[], int]
) -> None:
    class Killed(BaseException):
        """As if the process had ended here."""

    read = module.look_into

    def deadly(entry: Any, raw: bytes, *others: Any) -> Any:
        if b"Printer 3\r" in raw:
            raise Killed
        return read(entry, raw, *others)

    monkeypatch.setattr(module, "look_into", deadly)
    store_mails(transactions, "pipe", [mail(number) for number in range(6)])
    deaths = 0
    for _ in range(40):
        try:
            if process_all() == 0:
                break
        except Killed:
            deaths += 1
    assert deaths == MOST_ATTEMPTS
    expected = ["published"] * 3 + ["quarantined"] + ["published"] * 2
    assert [row["status"] for row in rows(transactions)] == expected
    assert f"died over it {MOST_ATTEMPTS} times" in rows(transactions)[3]["why"]


def test_M12_a_database_that_is_away_is_no_mail_s_fault_however_often(
    transactions: Transactions, files: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle = raw_store.settle
    failures = iter(range(2 * MOST_ATTEMPTS))

    def away(connection: Any, given: Any) -> None:
        if next(failures, None) is not None:
            raise OperationalError("UPDATE", {}, Exception("the disk is full"))
        settle(connection, given)

    monkeypatch.setattr(raw_store, "settle", away)
    store_mails(transactions, "pipe", [mail(number) for number in range(3)])
    begun: set[str] = set()
    failed = 0
    while any(row["status"] == "stored" for row in rows(transactions)):
        try:
            process_stored_mails(transactions, files, begun=begun)
        except OperationalError:
            failed += 1
    assert failed == 2 * MOST_ATTEMPTS and begun == set()
    assert [row["status"] for row in rows(transactions)] == ["published"] * 3
    assert {row["attempts"] for row in rows(transactions)} == {1}


def test_M12_what_the_database_refuses_costs_one_mail_alone(
    transactions: Transactions,
    monkeypatch: pytest.MonkeyPatch,
    process_all: Callable[[], int],
    told: Told,
) -> None:
    ids = store_mails(transactions, "pipe", [mail(number) for number in range(5)]).ids
    settle = raw_store.settle

    def picky(connection: Any, given: Any) -> None:
        if any(row["mail"] == ids[2] and row["status"] == "published" for row in given):
            raise ValueError("something that no column takes")
        settle(connection, given)

    monkeypatch.setattr(raw_store, "settle", picky)
    process_all()
    expected = ["published", "published", "quarantined", "published", "published"]
    assert [row["status"] for row in rows(transactions)] == expected
    assert "cannot be stored" in rows(transactions)[2]["why"]
    assert len(told()) == 5


def test_M12_small_mails_do_not_wait_for_large_ones(
    transactions: Transactions, files: FileStore, process_all: Callable[[], int]
) -> None:
    large = mail(0) + b"x" * raw_store.HEAVY_BYTES
    store_mails(transactions, "pipe", [large, mail(1), mail(2)])
    assert process_stored_mails(transactions, files) == 2
    assert [row["status"] for row in rows(transactions)] == ["stored", "published", "published"]
    ran: list[int] = []

    def run(function: Any, *arguments: Any) -> Any:
        ran.append(1)
        return function(*arguments)

    assert process_stored_mails(transactions, files, heavy=True, run_blocking=run) == 1
    assert ran == [1] and process_all() == 0


def test_M11_the_quarantine_shows_why(
    transactions: Transactions, process_all: Callable[[], int], told: Told
) -> None:
    (mail_id,) = store_mails(transactions, "pipe", [b"\x00\x01\x02"]).ids
    process_all()
    ((kind, event),) = told()
    assert kind == "mail.quarantined" and event["data"]["mail_id"] == mail_id
    with transactions.database.read() as connection:
        (entry,) = raw_store.quarantine(connection, 50)
        assert raw_store.contents(connection, [mail_id]) == {mail_id: b"\x00\x01\x02"}
    assert entry["mail_id"] == mail_id and "no usable sender" in entry["why"]


def test_a_mail_taken_by_another_process_meanwhile_is_left_to_it(
    transactions: Transactions, files: FileStore, monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    store_mails(transactions, "pipe", [mail(1), mail(2)])
    read = module.look_into

    def taken_meanwhile(entry: Any, raw: bytes, *others: Any) -> Any:
        with transactions.database.write() as connection:
            connection.execute(
                update(raw_mails).where(raw_mails.c.id == entry.id).values(status="published")
            )
        return read(entry, raw, *others)

    monkeypatch.setattr(module, "look_into", taken_meanwhile)
    process_stored_mails(transactions, files)
    assert told() == []
