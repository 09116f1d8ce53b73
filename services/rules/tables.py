"""The tables of the rules service.

Where a column holds JSON it is kept as text: nobody searches inside it, and PostgreSQL's
own JSON refuses a null character that a mail may well bring.
"""

from __future__ import annotations

from sqlalchemy import (
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

from services.messaging.answers import answers_table
from services.messaging.inbox import inbox_table
from services.messaging.outbox import outbox_table
from services.runtime.database import UtcDateTime

metadata = MetaData()

# `body` is the contract's Rule without id, version and name. An id is never used again:
# the firings of a deleted rule stay.
rules = Table(
    "rules",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(200), nullable=False, unique=True),
    Column("body", Text, nullable=False),
    sqlite_autoincrement=True,
)

# One row. Its number moves with every change of a rule, so that each process knows when
# to read them again; whoever changes rules holds the row, and so waits for what is in hand.
rules_revision = Table(
    "rules_revision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
)

# Each case as last heard of, so that a new timed rule finds the cases there are.
known_cases = Table(
    "known_cases",
    metadata,
    Column("case_number", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("came_from", String(10), nullable=False),
    Column("state_since", UtcDateTime, nullable=False),
    Column("snapshot", Text, nullable=False),
)
Index("known_cases_state", known_cases.c.state, known_cases.c.case_number)

# What timed rules wait for. After a failure `due_at` is the moment of the next attempt.
# `cause` is the chain of an event that made the rule due at once, else empty.
due_times = Table(
    "due_times",
    metadata,
    Column("rule_id", Integer, nullable=False),
    Column("case_number", Integer, nullable=False),
    Column("episode", String(120), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("cause", Text, nullable=False),
    PrimaryKeyConstraint("rule_id", "case_number"),
)
Index("due_times_due", due_times.c.due_at)
Index("due_times_case", due_times.c.case_number)

# What each rule has done, or shall not do any more: "fired", "stopped" (the chain was too
# long) or "skipped" (overdue when the rule was saved). The episode of a rule without a
# date is the id of the event.
firings = Table(
    "firings",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("rule_id", Integer, nullable=False),
    Column("case_number", Integer, nullable=False),
    Column("episode", String(120), nullable=False),
    Column("outcome", String(8), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("why", Text, nullable=False),
    Column("rule_name", String(200), nullable=False, server_default=""),
    Column("cause", Text, nullable=False, server_default="[]"),
    Column("changed", Boolean),
    Column("refused", Text, nullable=False, server_default="[]"),
    Column("next_action_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    UniqueConstraint("rule_id", "case_number", "episode", name="firings_once"),
)
Index("firings_case", firings.c.case_number, firings.c.id)
Index("firings_rule", firings.c.rule_id, firings.c.id)
Index("firings_rule_at", firings.c.rule_id, firings.c.at)

# A rule that broke on a case, and how often it has been tried.
rule_failures = Table(
    "rule_failures",
    metadata,
    Column("rule_id", Integer, nullable=False),
    Column("case_number", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("error", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    PrimaryKeyConstraint("rule_id", "case_number"),
)

# Every event of every case, kept for a while to rehearse rules with (A9).
past_events = Table(
    "past_events",
    metadata,
    Column("case_number", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("body", Text, nullable=False),
    PrimaryKeyConstraint("case_number", "version"),
)
Index("past_events_at", past_events.c.at, past_events.c.case_number)

# `body` is the contract's WorkingCalendar without id, version and name.
calendars = Table(
    "calendars",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(200), nullable=False, unique=True),
    Column("body", Text, nullable=False),
    sqlite_autoincrement=True,
)

# Who changed which rule or calendar ("rule", "calendar"), and how.
history = Table(
    "history",
    metadata,
    Column("what", String(20), nullable=False),
    Column("key", String(50), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", Integer),
    Column("actor_name", String(400), nullable=False),
    Column("changes", Text, nullable=False),
    PrimaryKeyConstraint("what", "key", "version"),
)

# Kinds of case, which go by a code; only those that changed since the beginning.
kinds = Table(
    "kinds",
    metadata,
    Column("code", String(50), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
)

# Names for the sentences, and what is not active any more.
directory = Table(
    "directory",
    metadata,
    Column("kind", String(20), nullable=False),
    Column("id", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    PrimaryKeyConstraint("kind", "id"),
)

outbox = outbox_table(metadata)
inbox = inbox_table(metadata)
answers = answers_table(metadata)
