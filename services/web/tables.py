"""The tables of the web gateway: who may sign in and how, tokens, feeds and saved filters."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from services.runtime.database import UtcDateTime

metadata = MetaData()

# Who a user is, cases knows; here stands only how he proves it. `version` is in each session,
# so that a new password ends the sessions begun with the old one.
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
