"""The tables of the cases service."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    TextClause,
    UniqueConstraint,
    false,
    text,
    true,
)

from services.messaging.answers import answers_table
from services.messaging.inbox import inbox_table
from services.messaging.outbox import outbox_table
from services.runtime.database import Json, UtcDateTime

FIRST_NUMBER = 101
metadata = MetaData()

# `snapshot` is the case; the columns beside it are what lists filter and sort by.
cases = Table(
    "cases",
    metadata,
    Column("number", Integer, Identity(start=FIRST_NUMBER), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("kind", String(50), nullable=False),
    Column("section_id", Integer),
    Column("responsible_id", Integer),
    Column("partner_id", Integer),
    Column("priority", String(10), nullable=False),
    Column("description", Text, nullable=False),
    Column("snapshot", Json, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("category_id", Integer),
    Column("merged_into", Integer),  # where all of it is now, however often that was merged
    Column("last_action_at", UtcDateTime),
    Column("next_deadline", UtcDateTime),  # the nearer of the two that wait
    Column("rank", Integer),  # of the priority: 1 is the lowest, 5 the highest
    # From the first to the last moment that calendars show it at; `span` is one of model/span.py.
    Column("start_at", UtcDateTime),
    Column("end_at", UtcDateTime),
    Column("span", SmallInteger),
    Column("contact_address", String(320)),  # in lower case: whose cases the portal lists
    Column("created_month", String(7)),  # in UTC, such as 2026-11
    Column("created_at", UtcDateTime),
    sqlite_autoincrement=True,
)
# Written out alike in the index and in the questions: SQLite compares them word by word.
IS_UNCLOSED = text("state IN ('draft', 'open', 'pending')")


def _partial(name: str, where: ColumnElement[bool] | TextClause, *columns: Column[Any]) -> None:
    """An index of the rows that lists ask for most, which costs nothing for the others."""
    Index(name, *columns, sqlite_where=where, postgresql_where=where)


_partial("cases_unclosed", IS_UNCLOSED, cases.c.number)
_partial("cases_merged", cases.c.merged_into.is_not(None), cases.c.merged_into)
_partial(
    "cases_next_deadline",
    cases.c.next_deadline.is_not(None),
    cases.c.next_deadline,
    cases.c.number,
)
_partial(
    "cases_calendar", cases.c.span.is_not(None), cases.c.span, cases.c.start_at, cases.c.end_at
)
Index("cases_section", cases.c.section_id, cases.c.number)
Index("cases_responsible", cases.c.responsible_id, cases.c.number)
Index("cases_partner", cases.c.partner_id, cases.c.number)
Index("cases_category", cases.c.category_id, cases.c.number)
Index("cases_last_action", cases.c.last_action_at, cases.c.number)
Index("cases_contact", cases.c.contact_address, cases.c.number)
Index("cases_rank", cases.c.rank, cases.c.number)
Index("cases_created_month", cases.c.created_month, cases.c.number)
Index("cases_created_at", cases.c.created_at, cases.c.number)
# All that cases are counted by, so that counting reads no case. It begins with the number, lest
# a planner take it for a way to find cases by their state.
_partial(
    "cases_counted",
    cases.c.merged_into.is_(None),
    *(cases.c.number, cases.c.state, cases.c.kind, cases.c.section_id, cases.c.responsible_id),
    *(cases.c.partner_id, cases.c.category_id, cases.c.priority, cases.c.created_month),
    cases.c.merged_into,
)

case_tags = Table(
    "case_tags",
    metadata,
    Column("tag", String(50), nullable=False),
    Column("case_number", Integer, nullable=False, index=True),
    PrimaryKeyConstraint("tag", "case_number"),
)

# Custom fields by their text (a person by his number), for the filters of lists.
case_custom = Table(
    "case_custom",
    metadata,
    Column("code", String(50), nullable=False),
    Column("value", String(200), nullable=False),
    Column("case_number", Integer, nullable=False, index=True),
    PrimaryKeyConstraint("code", "value", "case_number"),
)

# The categories of the partner that a case carries, with all above them.
case_partner_categories = Table(
    "case_partner_categories",
    metadata,
    Column("category_id", Integer, nullable=False),
    Column("case_number", Integer, nullable=False, index=True),
    PrimaryKeyConstraint("category_id", "case_number"),
)

# Each link stands here twice, once as seen from either case.
case_links = Table(
    "case_links",
    metadata,
    Column("case_number", Integer, nullable=False),
    Column("other", Integer, nullable=False),
    Column("relation", String(20), nullable=False),
    PrimaryKeyConstraint("case_number", "other", "relation"),
)

quality_actions = Table(
    "quality_actions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_number", Integer, nullable=False, index=True),
    Column("type", String(10), nullable=False),
    Column("text", Text, nullable=False),
    Column("owner_id", Integer),
    Column("due", Date),
    Column("done_at", UtcDateTime),
    Column("version", Integer, nullable=False),
)
Index("quality_actions_due", quality_actions.c.done_at, quality_actions.c.due, quality_actions.c.id)

messages = Table(
    "messages",
    metadata,
    Column("case_number", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("direction", String(10), nullable=False),
    Column("author", String(400), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("quoted", Text, nullable=False),
    Column("html", Text),
    Column("attachments", Json, nullable=False),
    Column("automatic", Boolean, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("message_id", String(500), nullable=False),
    Column("minutes_spent", Integer),
    Column("remark", Text, nullable=False),
    Column("from_case", Integer),  # where it stood first, and as which entry
    Column("from_number", Integer),
    PrimaryKeyConstraint("case_number", "number"),
)

Index(
    "messages_from",
    messages.c.from_case,
    messages.c.from_number,
    sqlite_where=messages.c.from_case.is_not(None),
    postgresql_where=messages.c.from_case.is_not(None),
)

# Which mail belongs to which case. `recipient` is empty for a mail that came in. A mail of ours
# that carried an entry of the discussion has its number in `message_number`; `split_from` is the
# case that the entry stood on before it was split off.
message_ids = Table(
    "message_ids",
    metadata,
    Column("message_id", String(500), nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("case_number", Integer, nullable=False),
    Column("message_number", Integer),
    Column("split_from", Integer),
    PrimaryKeyConstraint("message_id", "recipient"),
)
Index(
    "message_ids_entry",
    message_ids.c.case_number,
    message_ids.c.message_number,
    sqlite_where=message_ids.c.message_number.is_not(None),
    postgresql_where=message_ids.c.message_number.is_not(None),
)

# What signs the addresses that answers go to: the last one signs, all of them verify.
reply_keys = Table(
    "reply_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)

# The case of each meeting that somebody invited us to, or that we invite to (`ours`), by the
# meeting's uid (RFC 5545 §3.8.4.7). Ours is made up so that nobody guesses it.
invitations = Table(
    "invitations",
    metadata,
    Column("uid", String(500), primary_key=True),
    Column("case_number", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("ours", Boolean, nullable=False, server_default=false()),
)
Index("invitations_case", invitations.c.case_number)

history = Table(
    "history",
    metadata,
    Column("case_number", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("event_type", String(64), nullable=False),
    Column("event_id", String(36), nullable=False),
    Column("actor_kind", String(10), nullable=False),
    Column("actor_name", String(400), nullable=False),
    Column("reason", Text, nullable=False),
    Column("cause", Json, nullable=False),
    Column("changes", Json, nullable=False),
    PrimaryKeyConstraint("case_number", "version"),
)


def _directory(name: str, *columns: Column[Any]) -> Table:
    """Something of the directory: `payload` is its contract model, without id and version."""
    return Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        Column("version", Integer, nullable=False),
        *columns,
        Column("payload", Json, nullable=False),
    )


users = _directory(
    "users",
    Column("login", String(100), nullable=False, unique=True),
    Column("address", String(320), index=True),
)
sections = _directory("sections", Column("name", String(200), nullable=False, unique=True))
partners = _directory("partners", Column("name", String(300), nullable=False, index=True))
partner_contacts = Table(
    "partner_contacts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("partner_id", Integer, nullable=False, index=True),
    Column("address", String(320), nullable=False, unique=True),
    Column("name", String(300), nullable=False),
    Column("phone", String(100), nullable=False),
)


def _tree(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        Column("parent_id", Integer),
        Column("name", String(200), nullable=False),
        Column("active", Boolean, nullable=False, server_default=true()),
        Column("version", Integer, nullable=False, server_default="1"),
        UniqueConstraint("parent_id", "name", name=f"{name}_once"),
    )


categories = _tree("categories")
partner_categories = _tree("partner_categories")
kinds = Table(
    "kinds",
    metadata,
    Column("code", String(50), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("dated", Boolean, nullable=False),
    Column("fields", Json, nullable=False, server_default="[]"),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("version", Integer, nullable=False, server_default="1"),
)
templates = Table(
    "templates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(200), nullable=False, unique=True),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("active", Boolean, nullable=False),
)

# Who changed what in the directory; `key` is an id or a kind's code.
directory_history = Table(
    "directory_history",
    metadata,
    Column("what", String(20), nullable=False),
    Column("key", String(50), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", Integer),
    Column("actor_name", String(400), nullable=False),
    Column("changes", Json, nullable=False),
    PrimaryKeyConstraint("what", "key", "version"),
)

outbox = outbox_table(metadata)
inbox = inbox_table(metadata)
answers = answers_table(metadata)
