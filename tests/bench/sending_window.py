"""How wide the window is in which a kill sends a mail twice (decision 0007).

From the moment at which the SMTP server has the mail and says yes to the end of the commit of
it. Runs alone by `PYTHONPATH=.:tests .venv/bin/python -W ignore -m bench.sending_window`.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

from sqlalchemy import event
from support.smtp_peer import SmtpPeer

from services.contracts.mail import Address, MailSend, MailSendData, message_id_for
from services.mailgw.actions.queue_mail import queue_mails
from services.mailgw.actions.send_due_mails import Sender, send_due_mails
from services.mailgw.model.accounts import OutgoingAccount
from services.mailgw.outgoing.lanes import scopes_of
from services.mailgw.outgoing.send import Session
from services.mailgw.tables import inbox, outbox
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.database import Database, open_database
from services.runtime.file_store import FileStore
from services.runtime.identity import new_id
from services.runtime.migration import migrate
from services.runtime.settings import Settings

MAILS = 1000
SUPPORT = "support@company.example"


def measure_sending_window() -> None:
    """Send through a real SMTP server on SQLite and print the width and its share of the time."""
    with tempfile.TemporaryDirectory(prefix="casewire-bench-") as home, _peer() as peer:
        settings = Settings(CASEWIRE_HOME=Path(home))  # type: ignore[call-arg]
        migrate(settings, "mailgw")
        database = open_database(settings, "mailgw")
        widths, seconds = _widths(database, peer)
        database.close()
    cuts = quantiles(widths, n=100, method="inclusive")
    print(
        f"sending: {MAILS / seconds:.0f} mails/s; between the server's yes and its commit "
        f"p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms, at most {max(widths):.2f} ms: "
        f"{sum(widths) / seconds / 10:.0f}% of the time"
    )


def _widths(database: Database, peer: SmtpPeer) -> tuple[list[float], float]:
    """The milliseconds of each mail's window, and the seconds that sending all took."""
    transactions = Transactions(database, outbox, inbox)
    account = OutgoingAccount.model_validate(peer.account())
    ((_, scope),) = scopes_of([account])
    sender = Sender(transactions, account, scope, Session(account, ""), FileStore("memory://none"))
    queue_mails(transactions, [_order(number) for number in range(MAILS)])
    said_yes: list[float] = []
    widths: list[float] = []
    peer.on_content = lambda delivered: said_yes.append(time.perf_counter())

    @event.listens_for(database.engine, "commit")
    def committing(connection: object) -> None:
        """Runs before the commit itself: its end is seen when the next statement begins."""
        nonlocal pending
        pending = bool(said_yes)

    @event.listens_for(database.engine, "checkin")
    def committed(connection: object, record: object) -> None:
        nonlocal pending
        if pending and said_yes:
            widths.append((time.perf_counter() - said_yes.pop()) * 1000)
        pending = False

    pending = False
    begin = time.perf_counter()
    while send_due_mails(sender):
        pass
    seconds = time.perf_counter() - begin
    sender.session.close()
    assert len(widths) == len(peer.mails) == MAILS, f"{len(widths)} windows of {MAILS} mails"
    return widths, seconds


def _order(number: int) -> MailSend:
    command_id = new_id()
    data = MailSendData(
        purpose="reply",
        message_id=message_id_for(command_id, SUPPORT),
        sender=Address(address=SUPPORT, name="Support"),
        to=(Address(address=f"customer{number}@blue.example"),),
        subject=f"[{101 + number}] Order {number} has not arrived",
        text="Hello,\n\nit is on its way and should be there on Monday.\n\nSupport\n",
    )
    return MailSend(id=command_id, occurred_at=now(), case_id=101 + number, data=data)


@contextmanager
def _peer() -> Iterator[SmtpPeer]:
    peer = SmtpPeer()
    peer.start()
    try:
        yield peer
    finally:
        peer.stop()


if __name__ == "__main__":
    measure_sending_window()
    sys.exit(0)
