"""Messages that were on their way are sent again; inboxes let each take effect once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from deploy.operate.back_up.manifest import Manifest
from deploy.operate.installation import SERVICES, database_of, table_of
from services.mailgw.tables import outgoing
from services.messaging.inbox import KEPT_DAYS
from services.runtime.clock import now
from services.runtime.settings import Settings

# An inbox forgets what is older, and an event that it forgot would take effect once more.
CLOCKS_APART = timedelta(hours=1)  # of the machines that wrote outboxes and inboxes, at the most
LONGEST = timedelta(days=KEPT_DAYS - 2)


def mark_for_sending(settings: Settings, manifest: Manifest) -> int:
    """Have the relays send again what was published since the manifest's margin; how many.

    The inboxes' entries of that time count as made now: by their age a service that starts with
    an old back-up would forget them before it has read what is sent again.
    """
    since = max(manifest.send_again_from, manifest.taken_at - LONGEST)
    return sum(_mark(settings, service, since) for service in SERVICES)


def _mark(settings: Settings, service: str, since: datetime) -> int:
    outbox, inbox = table_of(service, "outbox"), table_of(service, "inbox")
    marked = 0
    with database_of(settings, service) as database, database.write() as connection:
        if outbox is not None:
            sent = outbox.c.sent_at.is_not(None) & (outbox.c.created_at >= since)
            change = outbox.update().where(sent).values(sent_at=None)
            marked = connection.execute(change).rowcount
        if inbox is not None:
            kept = inbox.update().where(inbox.c.taken_at >= since - CLOCKS_APART)
            connection.execute(kept.values(taken_at=now()))
    return marked


def mails_waiting(settings: Settings) -> int:
    """How many mails of the outgoing queue are neither sent nor given up."""
    waiting = outgoing.c.status.in_(["queued", "sending"])
    with database_of(settings, "mailgw") as database, database.read() as connection:
        return int(connection.scalar(select(func.count()).where(waiting)) or 0)
