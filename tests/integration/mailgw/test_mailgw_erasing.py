"""A person is erased from the mail gateway, on both databases; others' mails stay as they were."""

from __future__ import annotations

import json

from integration.mailgw.test_mailgw_attachments import mail, ordered
from integration.mailgw.test_mailgw_dropped_originals import drop, filed
from sqlalchemy import select

from services.contracts.erasure import ERASED, Erasure
from services.contracts.mail_lists import MailQuestion
from services.mailgw import mail_list, tables
from services.mailgw.actions.process_stored_mails import process_stored_mails
from services.mailgw.actions.store_mail import store_mails
from services.mailgw.erasing import erase, files_of, originals_of
from services.messaging.transaction import Transactions
from services.runtime.file_store import FileStore

ANN = Erasure(
    address="ann@customer.example",
    names=("Ann",),
    cases=frozenset({101}),
    stand_in="erased-1@erased.invalid",
)
CARLS = b"From: carl@blue.example\r\nSubject: Carlsmatter\r\n\r\nAsk ann@customer.example.\r\n"


def everything(transactions: Transactions) -> str:
    """Every row but the originals: those of others are theirs."""
    with transactions.database.read() as connection:
        rows = [
            dict(row)
            for table in tables.metadata.tables.values()
            if table is not tables.raw_contents
            for row in connection.execute(table.select()).mappings()
        ]
    return json.dumps(rows, default=str)


def found(transactions: Transactions, words: str) -> int:
    with transactions.database.read() as connection:
        return len(mail_list.page(connection, MailQuestion(q=words))["items"])


def test_her_mails_and_orders_lose_her_and_others_stay(
    transactions: Transactions, files: FileStore
) -> None:
    hers, dropped, carls = store_mails(transactions, "pipe", [mail(1), mail(2), CARLS]).ids
    process_stored_mails(transactions, files)
    filed(transactions, dropped)
    drop(transactions, files)
    ordered(transactions)
    with transactions.database.read() as connection:
        assert set(originals_of(connection, ANN)) == {hers}
        assert len(files_of(connection, ANN)) == 1
    assert found(transactions, "printer") == 2

    done = erase(transactions.database, ANN)
    assert (done["originals"], done["mails given up"]) == (1, 1)
    left = everything(transactions)
    for word in ("ann@customer.example", "Printer", "It is on its way", "It is broken"):
        assert word not in left, word
    assert found(transactions, "printer") == 0
    assert found(transactions, "carlsmatter") == 1
    with transactions.database.read() as connection:
        view = mail_list.view(connection, hers)
        assert (view.sender, view.subject, view.may) == (ANN.stand_in, ERASED, ())
        assert view.dropped_at is not None
        kept = connection.execute(select(tables.raw_contents.c.mail_id)).scalars()
        assert list(kept) == [carls]
        status = connection.scalar(select(tables.outgoing.c.status))
    assert status == "failed"
    assert sum(erase(transactions.database, ANN).values()) == 0
