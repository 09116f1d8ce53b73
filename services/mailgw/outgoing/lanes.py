"""Sending for several accounts side by side, one connection each."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from services.mailgw import account_states, accounts, outgoing_store
from services.mailgw.actions.send_due_mails import Sender, send_due_mails
from services.mailgw.credentials import Credentials
from services.mailgw.errors import (
    GatewayError,
    LoginRefused,
    ServerRefused,
    told,
)
from services.mailgw.model.accounts import OutgoingAccount
from services.mailgw.outgoing.account_key import signing_key_of
from services.mailgw.outgoing.send import Session
from services.mailgw.outgoing_store import Scope
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.exclusive import Exclusive
from services.runtime.file_store import FileStore

AT_ONCE = 6
FIRST_REST_SECONDS = 5.0
LONGEST_REST_SECONDS = 60.0
STOP_SECONDS = 10.0
SAY_SECONDS = 5.0
NO_ACCOUNT = "it waits: there is no approved outgoing account"

log = structlog.get_logger()


@dataclass
class _Lane:
    """One account's sender: whether it is at work, and until when it rests after trouble."""

    busy: bool = False
    rests_until: float = 0.0
    rest_seconds: float = FIRST_REST_SECONDS


class Sending:
    """Sends for every approved account, each in a thread of its own (green where patched).

    Of all processes on one database one sends at a time; the others stand by.
    """

    def __init__(
        self,
        transactions: Transactions,
        vault: Vault,
        files: FileStore,
        run_blocking: Callable[..., Any],
        public_address: str = "",
    ) -> None:
        self._transactions = transactions
        self._vault = vault
        self._credentials = Credentials(transactions.database, vault)
        self._files = files
        self._run_blocking = run_blocking
        self._public_address = public_address
        self._turn = Exclusive(transactions.database, "sender")
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="send")
        self._lanes: dict[str, _Lane] = {}
        self._runs: set[Future[None]] = set()
        self._stopping = threading.Event()
        self._has_turn = False
        self._say_next = 0.0

    def round(self) -> None:
        """Set every account to work that has something due, and is neither at work nor resting."""
        self._has_turn = not self._stopping.is_set() and self._turn.try_acquire()
        if not self._has_turn:
            return
        with self._transactions.database.read() as connection:
            approved = [a for a in accounts.outgoing(connection) if a.approved]
            due = [
                (account, scope)
                for account, scope in scopes_of(approved)
                if self._is_free(account.id) and outgoing_store.is_due(connection, scope, now())
            ]
        if not approved:
            self._say_why_all_wait()
        for account, scope in due:
            self._lanes[account.id].busy = True
            run = self._threads.submit(self._run, account, scope)
            self._runs = {one for one in self._runs if not one.done()} | {run}

    def close(self) -> None:
        """Finish the mails in hand; those taken and not begun are given back.

        A server that hangs is not waited for: its mail is sent after the next start.
        """
        self._stopping.set()
        self._threads.shutdown(wait=False, cancel_futures=True)
        wait(self._runs, timeout=STOP_SECONDS)
        self._turn.release()

    def _say_why_all_wait(self) -> None:
        """Now and then: it looks at every waiting mail, and there may be thousands."""
        if time.monotonic() < self._say_next:
            return
        self._say_next = time.monotonic() + SAY_SECONDS
        with self._transactions.begin() as transaction:
            outgoing_store.say_why_wait(transaction.connection, NO_ACCOUNT)

    def _is_free(self, account_id: str) -> bool:
        lane = self._lanes.setdefault(account_id, _Lane())
        return not lane.busy and lane.rests_until <= time.monotonic()

    def _run(self, account: OutgoingAccount, scope: Scope) -> None:
        """Send until nothing is due."""
        lane = self._lanes[account.id]
        session: Session | None = None
        try:
            with self._transactions.database.read() as connection:
                key = signing_key_of(connection, self._vault, account)
            password = self._credentials.of(account)
            session = Session(account, password)
            sender = Sender(
                self._transactions,
                account,
                scope,
                session,
                self._files,
                lambda: self._stopping.is_set() or not self._has_turn,
                self._run_blocking,
                key,
                public_address=self._public_address,
            )
            while send_due_mails(sender):
                lane.rest_seconds = FIRST_REST_SECONDS
                self._note_success(account, session)
        except GatewayError as error:
            log.warning("sending rests", account=account.name, error=str(error))
            self._note_failure(account, scope, error)
            self._let_rest(lane)
        except Exception as error:  # nobody else sees what a thread raises
            log.error("sending failed", account=account.name, exc_info=error)
            self._note_failure(account, scope, error)
            self._let_rest(lane)
        finally:
            if session is not None:
                session.close()
            lane.busy = False

    def _note_success(self, account: OutgoingAccount, session: Session) -> None:
        passed, session.passed = session.passed, 0
        if session.reached:
            with self._transactions.database.write(durable=False) as connection:
                account_states.succeeded(connection, account.id, passed, now())

    def _note_failure(self, account: OutgoingAccount, scope: Scope, error: Exception) -> None:
        if isinstance(error, LoginRefused):
            self._credentials.refused(account)
        try:
            with self._transactions.begin() as transaction:
                account_states.failed(transaction.connection, account.id, told(error), now())
                if not isinstance(error, ServerRefused):  # else each mail says so by itself
                    why = f"it waits: {told(error)}"
                    outgoing_store.say_why_wait(transaction.connection, why, scope)
        except SQLAlchemyError as trouble:
            log.error("how sending fares cannot be noted", account=account.name, exc_info=trouble)

    def _let_rest(self, lane: _Lane) -> None:
        lane.rests_until = time.monotonic() + lane.rest_seconds
        lane.rest_seconds = min(lane.rest_seconds * 2, LONGEST_REST_SECONDS)


def scopes_of(approved: Sequence[OutgoingAccount]) -> list[tuple[OutgoingAccount, Scope]]:
    """Which mails each account sends: those from its address; the first one also all others."""
    by_address: dict[str, OutgoingAccount] = {}
    for account in approved:
        by_address.setdefault(account.address.lower(), account)
    found = []
    for number, (address, account) in enumerate(by_address.items()):
        others = tuple(by_address) if number == 0 else None
        found.append((account, Scope(address, others)))
    return found
