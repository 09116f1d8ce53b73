"""New mail is fetched as soon as an IMAP server tells of it (M3)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from integration.mailgw.fetched_account import FetchedAccount, mail
from sqlalchemy import func, select
from support.dovecot import PASSWORD, DovecotServer
from support.mail_proxy import MailProxy
from support.system import wait_for

from services.mailgw.account_saving import save_account
from services.mailgw.errors import NoPush
from services.mailgw.incoming import pushing
from services.mailgw.incoming.fetcher import Fetcher
from services.mailgw.incoming.idle import wait_for_mail
from services.mailgw.incoming.imap_folder import Folder
from services.mailgw.incoming.mailbox import opened
from services.mailgw.incoming.pushing import Pushing
from services.mailgw.incoming.standing import Standing
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.tables import raw_mails
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class Watching:
    """Pushing for the accounts of one database, with pauses of a tenth of a second."""

    def __init__(self, transactions: Transactions, vault: Vault) -> None:
        self.transactions = transactions
        self.vault = vault
        self.wakes = threading.Semaphore(0)
        standing = Standing(transactions.database, first_rest_seconds=60)
        self.fetcher = Fetcher(transactions, vault, self.wakes.release, standing)
        self.pushing = Pushing(self.fetcher)

    def watch(self, **fields: Any) -> IncomingAccount:
        """Save the account, and watch it and no other."""
        with self.transactions.database.write() as connection:
            saved = save_account(connection, self.vault, "incoming", fields)
        assert isinstance(saved, IncomingAccount)
        self.pushing.watch([saved])
        return saved

    def stored(self) -> int:
        with self.transactions.database.read() as connection:
            return connection.execute(select(func.count()).select_from(raw_mails)).scalar_one()

    def wait_for_stored(self, wanted: int) -> None:
        wait_for(lambda: self.stored() == wanted, f"mail number {wanted}", 20)

    def close(self) -> None:
        self.pushing.close()
        self.fetcher.close()


@pytest.fixture
def watching(
    transactions: Transactions, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Watching]:
    monkeypatch.setattr(pushing, "FIRST_REST_SECONDS", 0.1)
    monkeypatch.setattr(pushing, "STAND_BY_SECONDS", 0.1)
    made = Watching(transactions, vault)
    yield made
    made.close()


def test_M3_new_mail_is_fetched_as_soon_as_the_server_tells(
    dovecot: DovecotServer, watching: Watching
) -> None:
    dovecot.append(mail(1))
    watching.watch(**dovecot.account(password=PASSWORD))
    watching.wait_for_stored(1)  # what came while nobody watched
    for number in (2, 3):
        dovecot.append(mail(number))
        watching.wait_for_stored(number)
    assert dovecot.count("UNSEEN") == 0


@ON_SQLITE
def test_M3_push_works_over_tls(
    dovecot: DovecotServer, watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    fields = dovecot.account(password=PASSWORD, security="tls", port=dovecot.tls_port)
    watching.watch(**fields)
    for number in (1, 2):
        dovecot.append(mail(number))
        watching.wait_for_stored(number)


@ON_SQLITE
def test_M3_a_lost_line_is_opened_again(dovecot: DovecotServer, watching: Watching) -> None:
    proxy = MailProxy(dovecot.port)
    watching.watch(**dovecot.account(password=PASSWORD, port=proxy.port))
    for number in (1, 2, 3):
        dovecot.append(mail(number))
        watching.wait_for_stored(number)
        proxy.break_all()
    proxy.close()


@ON_SQLITE
def test_M3_of_two_processes_one_watches_and_the_other_takes_over(
    dovecot: DovecotServer, watching: Watching, transactions: Transactions, vault: Vault
) -> None:
    proxy = MailProxy(dovecot.port)
    saved = watching.watch(**dovecot.account(password=PASSWORD, port=proxy.port))
    wait_for(lambda: b"IDLE\r\n" in proxy.said["client"], "a watch")
    other = Watching(transactions, vault)
    other.pushing.watch([saved])
    dovecot.append(mail(1))
    watching.wait_for_stored(1)
    assert proxy.connections == 1
    watching.close()
    wait_for(lambda: proxy.connections == 2, "the other's watch")
    dovecot.append(mail(2))
    other.wait_for_stored(2)
    other.close()
    proxy.close()


@ON_SQLITE
def test_M3_an_account_that_is_changed_or_gone_is_watched_no_longer(
    dovecot: DovecotServer, watching: Watching
) -> None:
    proxy = MailProxy(dovecot.port)
    saved = watching.watch(**dovecot.account(password=PASSWORD, port=proxy.port))
    wait_for(lambda: b"IDLE\r\n" in proxy.said["client"], "a watch")
    changed = watching.watch(id=saved.id, folder="Other")
    assert changed.folder == "Other"
    wait_for(lambda: b"Other" in proxy.said["client"], "a watch of the other folder")
    watching.pushing.watch([])
    wait_for(lambda: not proxy.open, "the end of all connections")
    proxy.close()


@ON_SQLITE
def test_M3_waiting_ends_by_itself_and_is_begun_anew(
    dovecot: DovecotServer, transactions: Transactions
) -> None:
    chosen = FetchedAccount(dovecot, transactions)
    with opened(chosen.account, PASSWORD) as folder:
        assert isinstance(folder, Folder)
        chosen.fetch_opened(folder)
        for _ in range(3):  # the connection is as good as before each time
            assert not wait_for_mail(folder, seconds=0, look_seconds=0)
        assert not wait_for_mail(folder, lambda: False, look_seconds=0)
        dovecot.append(mail(1))
        assert wait_for_mail(folder)
        # Told of between the search and the waiting, it is not told of again.
        assert chosen.fetch_opened(folder).new == 1
        dovecot.append(mail(2))
        folder.client.noop()
        assert wait_for_mail(folder)
        folder.offers = frozenset()
        with pytest.raises(NoPush):
            wait_for_mail(folder)


@ON_SQLITE
def test_M3_a_server_that_takes_no_idle_is_left_to_the_timer(
    dovecot: DovecotServer, transactions: Transactions
) -> None:
    proxy = MailProxy(dovecot.port)
    proxy.refusals = {" IDLE": "{tag} NO not today"}
    chosen = FetchedAccount(dovecot, transactions, port=proxy.port)
    with opened(chosen.account, PASSWORD) as folder:
        assert isinstance(folder, Folder)
        chosen.fetch_opened(folder)
        with pytest.raises(NoPush):
            wait_for_mail(folder)
    proxy.close()


@ON_SQLITE
def test_M3_what_another_connection_has_taken_is_not_asked_for_again(
    dovecot: DovecotServer, transactions: Transactions
) -> None:
    chosen = FetchedAccount(dovecot, transactions)
    with opened(chosen.account, PASSWORD) as folder:
        assert isinstance(folder, Folder)
        chosen.fetch_opened(folder)
        dovecot.append(mail(1))
        assert wait_for_mail(folder)
        assert chosen.fetch().new == 1  # the timer was quicker
        assert folder.uids() == []
