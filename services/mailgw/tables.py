"""The gateway's tables."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
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
        Column("secrets", Json, nullable=False),  # each by its name, encrypted
        Column("approved", Boolean, nullable=False, default=False),
    ]


incoming_accounts = Table("incoming_accounts", metadata, *_account_columns())
outgoing_accounts = Table("outgoing_accounts", metadata, *_account_columns())

# How an account fares: it goes with the account, and is written apart from it.
account_states = Table(
    "account_states",
    metadata,
    Column("account_id", String(36), primary_key=True),
    Column("last_success_at", UtcDateTime),
    Column("last_error_at", UtcDateTime),
    Column("last_error", Text, nullable=False),
    Column("passed", Integer, nullable=False),  # mails stored from it, or sent by it
    Column("failures", Integer, nullable=False),
)

# Mails that stay unread on their server though they are stored: what a read-only folder or a
# POP3 mailbox still holds. `folder` names it with its UIDVALIDITY (RFC 3501 §2.3.1.1).
fetched_mails = Table(
    "fetched_mails",
    metadata,
    Column("account_id", String(36), nullable=False),
    Column("folder", String(400), nullable=False),
    Column("uid", String(100), nullable=False),
    PrimaryKeyConstraint("account_id", "folder", "uid"),
)

# Who fetches an account, or waits for its mails, just now, and until when it is his alone. `slot`
# is the place of his process among those on this database (services/mailgw/leases.py).
leases = Table(
    "leases",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("holder", String(36), nullable=False),
    Column("slot", Integer, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

raw_mails = Table(
    "raw_mails",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("account", String(100), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("status", String(12), nullable=False),  # stored, published, own, quarantined
    # As far as it could be read; and where the cases service put it.
    Column("message_id", String(500)),
    Column("sender", String(320)),
    Column("subject", Text),
    Column("case_number", Integer),
    Column("filed", String(12)),
    Column("filed_why", Text),
    Column("filed_at", UtcDateTime),
    Column("message_number", Integer),
    Column("words", Text),  # those of sender and subject, to be found by (mail_search.py)
    Column("by_hand", String(12)),  # let_in, make_case: what an operator decided
    Column("attempts", Integer, nullable=False, default=0),
    Column("why", Text, nullable=False, default=""),
    Column("verdicts", Json),
    Column("dropped_at", UtcDateTime),  # its original is not kept any more
    UniqueConstraint("account", "sha256", name="raw_mails_once"),
)
# Apart from its row: a change of status would write the whole mail again.
raw_contents = Table(
    "raw_contents",
    metadata,
    Column("mail_id", String(36), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
# The attachments of an original that was dropped, each by the number of its part.
kept_parts = Table(
    "kept_parts",
    metadata,
    Column("mail_id", String(36), nullable=False),
    Column("part", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("filename", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    PrimaryKeyConstraint("mail_id", "part"),
)
_whole = text("dropped_at IS NULL")
Index("raw_mails_whole", raw_mails.c.received_at, sqlite_where=_whole, postgresql_where=_whole)
_waiting = text("status = 'stored'")
Index("raw_mails_waiting", raw_mails.c.id, sqlite_where=_waiting, postgresql_where=_waiting)
Index("raw_mails_status", raw_mails.c.status, raw_mails.c.id)
_on_a_case = raw_mails.c.case_number.is_not(None)
Index(
    "raw_mails_case",
    raw_mails.c.case_number,
    raw_mails.c.id,
    sqlite_where=_on_a_case,
    postgresql_where=_on_a_case,
)
Index("raw_mails_account", raw_mails.c.account, raw_mails.c.id)
_aside = text("filed = 'aside'")
Index("raw_mails_aside", raw_mails.c.id, sqlite_where=_aside, postgresql_where=_aside)

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
_failed = text("status = 'failed'")
Index("outgoing_failed", outgoing.c.id, sqlite_where=_failed, postgresql_where=_failed)

# What operators did with a mail that came in, or with one of the outgoing queue.
operator_acts = Table(
    "operator_acts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("mail_id", String(36), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("act", String(12), nullable=False),
    Column("user_id", Integer),
    Column("user_name", String(200), nullable=False),
)

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
