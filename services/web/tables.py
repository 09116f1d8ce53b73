"""The tables of the web gateway: who may sign in and how, sessions, feeds, filters, webhooks."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from services.messaging.inbox import inbox_table
from services.runtime.database import Json, UtcDateTime

metadata = MetaData()

# Who a user is, cases knows; here stands only how he proves it. `version` is in each session,
# so that a new password ends those begun with the old one.
credentials = Table(
    "credentials",
    metadata,
    Column("user_id", Integer, primary_key=True, autoincrement=False),
    Column("login", String(100), nullable=False, unique=True),
    Column("password_hash", String(300), nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

# The token itself is never kept: who reads this table can sign in as nobody.
tokens = Table(
    "tokens",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("user_id", Integer, nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("last_used", UtcDateTime),
)

# `question` is the query string of the list; shared ones are everybody's, in their own order.
saved_filters = Table(
    "saved_filters",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", Integer, nullable=False),
    Column("name", String(100), nullable=False),
    Column("question", Text, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    UniqueConstraint("user_id", "name", name="saved_filters_once"),
)

# Which columns a user's list of cases has, in his order: their codes with commas between.
list_columns = Table(
    "list_columns",
    metadata,
    Column("user_id", Integer, primary_key=True, autoincrement=False),
    Column("columns", Text, nullable=False),
)

# Calendars for other programs. The address is a secret: here stands its hash, and its end, by
# which people tell one from another. `of_user_id` is whose calendar, None the company's.
calendar_feeds = Table(
    "calendar_feeds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("ending", String(6), nullable=False),
    Column("user_id", Integer, nullable=False, index=True),
    Column("of_user_id", Integer),
    Column("name", String(100), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("read_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)

# Who is signed in, where. The cookie carries the secret of the session; here stands its hash.
# `credential_version` is 0 for a user who has no password.
sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("user_id", Integer, nullable=False, index=True),
    Column("credential_version", Integer, nullable=False),
    Column("proof", String(30), nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("address", String(64), nullable=False),
    Column("program", String(100), nullable=False),
)

# Failed tries, counted for a name and an address until a day passes without one. `what` is
# password or code; a code is counted for the user's id, from everywhere (address "").
failed_tries = Table(
    "failed_tries",
    metadata,
    Column("what", String(10), nullable=False),
    Column("name", String(100), nullable=False),
    Column("address", String(64), nullable=False),
    Column("count", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False, index=True),
    Column("blocked_until", UtcDateTime),
    PrimaryKeyConstraint("what", "name", "address"),
)

# Each try to sign in, and what else touches how somebody signs in. `name` is as it was typed.
sign_in_events = Table(
    "sign_in_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("what", String(30), nullable=False),
    Column("name", String(100), nullable=False),
    Column("user_id", Integer),
    Column("address", String(64), nullable=False),
    Column("program", String(100), nullable=False),
)
Index("sign_in_events_user", sign_in_events.c.user_id, sign_in_events.c.id)

# The second factor: `secret` is encrypted; `last_step` is the step (RFC 6238 §4) of the last
# code taken, so that none is taken twice. It counts once `confirmed_at` is set.
two_factor = Table(
    "two_factor",
    metadata,
    Column("user_id", Integer, primary_key=True, autoincrement=False),
    Column("secret", Text, nullable=False),
    Column("last_step", BigInteger, nullable=False),
    Column("confirmed_at", UtcDateTime),
)
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("user_id", Integer, nullable=False, index=True),
    Column("used_at", UtcDateTime),
)

# Who asked for a link that sets a new password. The link is made, and its hash kept, when the
# mail is ordered: that is later, so that nobody learns from the answer whether a name exists.
password_resets = Table(
    "password_resets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(320), nullable=False),
    Column("address", String(64), nullable=False),
    Column("program", String(100), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False, index=True),
    Column("taken_at", UtcDateTime),
    Column("handled_at", UtcDateTime),
    Column("user_id", Integer),
    Column("sha256", String(64), unique=True),
    Column("expires_at", UtcDateTime),
    Column("used_at", UtcDateTime),
)

# Requests of the API that carried an idempotency key. `key` and `content_mark` are hashes, the
# answer is locked with the caller's own key: a token or an address in it is told to nobody else.
kept_answers = Table(
    "kept_answers",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("content_mark", String(64), nullable=False),
    Column("begun_at", UtcDateTime, nullable=False, index=True),
    Column("answer", Text),
)

# Addresses that are told what happens to cases. `secret` signs what is sent, sealed; for a while
# the `previous_secret` does, too. `failures` are those in a row, of whichever deliveries;
# `off_reason` says why we switched it off ourselves.
webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(100), nullable=False),
    Column("address", String(2000), nullable=False),
    Column("event_types", Json, nullable=False),
    Column("section_id", Integer),
    Column("secret", Text, nullable=False),
    Column("previous_secret", Text),
    Column("previous_until", UtcDateTime),
    Column("active", Boolean, nullable=False),
    Column("off_reason", String(20), nullable=False),
    Column("failures", Integer, nullable=False),
    Column("last_error", String(300), nullable=False),
    Column("rests_until", UtcDateTime),
    Column("version", Integer, nullable=False),
    Column("created_by", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

# What is, or was, to be sent to one of them: `message_id` is that of the event. It waits while
# `next_try_at` is set; whoever tries it has it until `leased_until`. `outcome` is how it ended.
webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("webhook_id", Integer, ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("message_id", String(36), nullable=False),
    Column("type", String(64), nullable=False),
    Column("case_number", Integer),
    Column("body", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", UtcDateTime),
    Column("give_up_at", UtcDateTime, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("last_try_at", UtcDateTime),
    Column("last_status", Integer),
    Column("last_error", String(300), nullable=False),
    Column("outcome", String(20)),
    Column("settled_at", UtcDateTime),
    UniqueConstraint("webhook_id", "message_id", name="webhook_deliveries_once"),
)
_waiting = text("next_try_at IS NOT NULL")
Index(
    "webhook_deliveries_due",
    webhook_deliveries.c.webhook_id,
    webhook_deliveries.c.next_try_at,
    sqlite_where=_waiting,
    postgresql_where=_waiting,
)
Index("webhook_deliveries_newest", webhook_deliveries.c.webhook_id, webhook_deliveries.c.id)
Index(
    "webhook_deliveries_by_outcome",
    webhook_deliveries.c.webhook_id,
    webhook_deliveries.c.outcome,
    webhook_deliveries.c.id,
)

# The events that became deliveries.
inbox = inbox_table(metadata)

# What a user does not want to be shown any more, such as the first steps of a fresh system.
put_away = Table(
    "put_away",
    metadata,
    Column("user_id", Integer, nullable=False),
    Column("what", String(30), nullable=False),
    PrimaryKeyConstraint("user_id", "what"),
)

# The report that opens first, as a query string; user 0 is everybody who chose none.
first_reports = Table(
    "first_reports",
    metadata,
    Column("user_id", Integer, primary_key=True, autoincrement=False),
    Column("question", Text, nullable=False),
)

# Reports that are mailed on a schedule, as their owner sees them. `question` is a query string,
# no `recipients` is the owner himself; `weekday` counts from Monday, 0. Whoever sends it has it
# until `taken_until`. `problem` is the code of why it waits, or was switched off.
report_mails = Table(
    "report_mails",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", Integer, nullable=False),
    Column("name", String(100), nullable=False),
    Column("question", Text, nullable=False),
    Column("recipients", Json, nullable=False),
    Column("rhythm", String(10), nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("month_day", Integer, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("taken_until", UtcDateTime),
    Column("last_sent_at", UtcDateTime),
    Column("problem", String(20), nullable=False),
    Column("version", Integer, nullable=False),
)
Index("report_mails_user", report_mails.c.user_id)
Index("report_mails_due", report_mails.c.active, report_mails.c.next_at)
