"""Fetching keeps within bounds: many mails, slow servers, many dead ones (M12)."""

from __future__ import annotations

import socket
import threading
import time
import tracemalloc
from collections.abc import Sequence
from typing import Any

import pytest
from integration.mailgw.fetched_account import FetchedAccount, mail
from sqlalchemy import select
from support.dovecot import PASSWORD, DovecotServer
from support.mail_proxy import MailProxy
from support.system import wait_for

from services.mailgw import account_states, accounts, metrics
from services.mailgw.account_saving import save_account
from services.mailgw.errors import ServerRefused
from services.mailgw.incoming import fetch
from services.mailgw.incoming.fetch import Fetch
from services.mailgw.incoming.fetcher import Fetcher
from services.mailgw.incoming.fetching import Fetching
from services.mailgw.incoming.mailbox import opened
from services.mailgw.incoming.standing import Standing
from services.mailgw.tables import account_states as states
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions
from services.runtime.clock import now

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
MANY = 50_000


@ON_SQLITE
@pytest.mark.parametrize("protocol", ["imap", "pop3"])
def test_M12_of_50000_mails_the_first_are_stored_before_the_last_are_listed(
    dovecot: DovecotServer, transactions: Transactions, protocol: str
) -> None:
    dovecot.drop_one_often(mail(1), MANY, user="archive")
    chosen = FetchedAccount(dovecot, transactions, protocol=protocol, login="archive")
    stop = threading.Event()
    asked: list[int] = []
    with opened(chosen.account, PASSWORD, timeout=60) as mailbox:
        sizes = mailbox.sizes

        def listening(uids: Sequence[str]) -> dict[str, int]:
            asked.append(len(uids))
            return sizes(uids)

        mailbox.sizes = listening  # type: ignore[method-assign]
        tracemalloc.start()
        run = Fetch(transactions, chosen.account, mailbox, stop.set, lambda: not stop.is_set())
        assert run.run().new == 1  # the same bytes, fifty times
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert asked == [fetch.LISTED_AT_ONCE]
    assert peak < 25_000_000


@ON_SQLITE
def test_M12_a_mail_that_drips_in_is_broken_off_and_comes_another_time(
    dovecot: DovecotServer, transactions: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.drop([mail(1, size=3000)])
    proxy = MailProxy(dovecot.port)
    chosen = FetchedAccount(dovecot, transactions, port=proxy.port)
    chosen.fetch()
    dovecot.empty()
    dovecot.drop([mail(2, size=3000)])
    proxy.drip_from = bytes(proxy.said["server"]).index(b"It is broken")
    monkeypatch.setattr(fetch, "allowed_seconds", lambda size: 0.5)
    began = time.monotonic()
    with pytest.raises(ServerRefused, match="does not answer in time"):
        chosen.fetch()
    assert time.monotonic() - began < 10 and len(chosen.stored()) == 1
    proxy.drip_from = None
    assert chosen.fetch().new == 1
    proxy.close()


class Dead:
    """A server that takes connections and says nothing."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = int(self.listener.getsockname()[1])


def test_M12_twenty_dead_servers_delay_nobody_and_rest_longer_and_longer(
    dovecot: DovecotServer, transactions: Transactions, vault: Vault
) -> None:
    dead = Dead()
    with transactions.database.write() as connection:
        for number in range(20):
            fields = dovecot.account(name=f"dead {number}", port=dead.port, password=PASSWORD)
            save_account(connection, vault, "incoming", fields)
        save_account(connection, vault, "incoming", dovecot.account(password=PASSWORD))
        chosen = accounts.incoming(connection)
    standing = Standing(transactions.database, first_rest_seconds=600)
    fetching = Fetching(Fetcher(transactions, vault, lambda: None, standing))
    living = chosen[-1]

    for number in (1, 2):
        dovecot.append(mail(number))

        def fetched() -> bool:
            fetching.fetch_due(chosen)  # as the timer does; an earlier fetch may be ending yet
            return dovecot.count("UNSEEN") == 0

        wait_for(fetched, "the mail of the living server", 10)
    result = fetching.fetch([living], patience_seconds=10)
    assert result.failed == {}
    dead.listener.close()  # which ends all connections
    wait_for(lambda: all(standing.rests(one.id) for one in chosen[:-1]), "the rest of the dead")
    assert not standing.rests(living.id)
    fetching.close()


def test_M3_how_each_account_fares_is_counted_and_kept(
    dovecot: DovecotServer, transactions: Transactions, vault: Vault
) -> None:
    dovecot.append(mail(1))
    with transactions.database.write() as connection:
        save_account(connection, vault, "incoming", dovecot.account(password=PASSWORD))
        wrong = dovecot.account(name="locked", login="nobody", password=PASSWORD)
        save_account(connection, vault, "incoming", wrong)
        chosen = accounts.incoming(connection)
    failures = metrics.FETCH_FAILED.labels("locked")._value.get()
    standing = Standing(transactions.database, first_rest_seconds=600)
    fetching = Fetching(Fetcher(transactions, vault, lambda: None, standing))
    fetched = fetching.fetch(chosen, patience_seconds=20)
    assert fetched.stored == 1 and "refuses the login" in fetched.failed["locked"]
    assert metrics.FETCH_FAILED.labels("locked")._value.get() == failures + 1
    by_id = {one.id: one for one in chosen}
    with transactions.database.read() as connection:
        rows = connection.execute(select(states)).mappings().all()
        good = account_states.last_successes(connection)
    told = {by_id[row["account_id"]].name: row for row in rows}
    assert told["support"]["passed"] == 1 and told["support"]["failures"] == 0
    assert told["locked"]["failures"] == 1 and "refuses" in told["locked"]["last_error"]
    assert list(good) == [told["support"]["account_id"]]
    with transactions.database.write() as connection:  # as if an hour had passed
        account_states.succeeded(connection, next(iter(good)), 0, now().replace(year=2020))
    standing.observe(chosen)
    assert metrics.FETCH_LAG.labels("support")._value.get() > 86400
    assert metrics.FETCH_LAG.labels("locked")._value.get() < 60
    standing.observe([])
    assert "support" not in {sample.labels["account"] for sample in _samples()}
    fetching.close()


def _samples() -> list[Any]:
    return [sample for family in metrics.FETCH_LAG.collect() for sample in family.samples]
