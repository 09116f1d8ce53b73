"""The tables of the web gateway: who may sign in and how, sessions, feeds, filters, columns."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from services.runtime.database import UtcDateTime

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

# What a user does not want to be shown any more, such as the first steps of a fresh system.
put_away = Table(
    "put_away",
    metadata,
    Column("user_id", Integer, nullable=False),
    Column("what", String(30), nullable=False),
    PrimaryKeyConstraint("user_id", "what"),
)
