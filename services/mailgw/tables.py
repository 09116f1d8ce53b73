"""The gateway's tables."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from services.messaging.inbox import inbox_table
from services.messaging.outbox import outbox_table
from services.runtime.database import Json, UtcDateTime

metadata = MetaData()


def _account_columns() -> list[Column[object]]:
    return [
        Column("id", String(36), primary_key=True),
        Column("name", String(100), nullable=False, unique=True),
        Column("payload", Json, nullable=False),
        Column("password_encrypted", Text),
        Column("approved", Boolean, nullable=False, default=False),
    ]


incoming_accounts = Table("incoming_accounts", metadata, *_account_columns())
outgoing_accounts = Table("outgoing_accounts", metadata, *_account_columns())

raw_mails = Table(
    "raw_mails",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("account", String(100), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("status", String(12), nullable=False),  # stored, published, own, quarantined
    Column("attempts", Integer, nullable=False, default=0),
    Column("why", Text, nullable=False, default=""),
    Column("verdicts", Json),
    UniqueConstraint("account", "sha256", name="raw_mails_once"),
)
# Apart from its row: a change of status would write the whole mail again.
raw_contents = Table(
    "raw_contents",
    metadata,
    Column("mail_id", String(36), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
_waiting = text("status = 'stored'")
Index("raw_mails_waiting", raw_mails.c.id, sqlite_where=_waiting, postgresql_where=_waiting)
Index("raw_mails_status", raw_mails.c.status, raw_mails.c.id)

outgoing = Table(
    "outgoing",
    metadata,
    Column("id", String(36), primary_key=True),  # of the mail.send that ordered it
    Column("message_id", String(500), nullable=False, index=True),
    Column("status", String(8), nullable=False),  # queued, sending, sent, failed
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_attempt_at", UtcDateTime, nullable=False),
    Column("sender", String(320), nullable=False),  # lower case; empty: whichever goes out first
    Column("payload", Text, nullable=False),
    Column("remaining", Json, nullable=False),  # addresses still to be reached
    Column("why", Text, nullable=False, default=""),
)
# Not as parameters: SQLite takes a partial index only when it sees that it fits.
_due = text("status IN ('queued', 'sending')")
Index("outgoing_due", outgoing.c.next_attempt_at, sqlite_where=_due, postgresql_where=_due)

# What programs of ours sent to whom, for the bounds on loops; older rows are forgotten.
automatic_mails = Table(
    "automatic_mails",
    metadata,
    Column("address", String(320), nullable=False),
    Column("subject", String(500), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
Index("automatic_mails_address", automatic_mails.c.address, automatic_mails.c.at)
Index("automatic_mails_at", automatic_mails.c.at)

outbox = outbox_table(metadata)
inbox = inbox_table(metadata)
