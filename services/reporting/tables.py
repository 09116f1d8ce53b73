"""The tables of the reporting service."""

from __future__ import annotations

from dataclasses import dataclass

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
)

from services.messaging.inbox import inbox_table
from services.messaging.outbox import outbox_table
from services.runtime.database import Json, UtcDateTime

metadata = MetaData()


@dataclass(frozen=True)
class Projection:
    """What is known of the cases, and the names to show for the numbers in it."""

    facts: Table
    names: Table


def _facts(name: str) -> Table:
    """One row a case, as its newest event told of it. Money is in units of 1/10000.

    `custom` holds the custom fields as texts by code (model/custom_text.py).
    """
    return Table(
        name,
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("version", Integer, nullable=False),
        Column("state", String(10), nullable=False),
        Column("kind", Text, nullable=False),
        Column("section_id", Integer),
        Column("category_id", Integer),
        Column("responsible_id", Integer),
        Column("partner_id", Integer),
        Column("priority", String(10), nullable=False),
        Column("currency", Text, nullable=False),
        Column("revenue_units", BigInteger),
        Column("cost_units", BigInteger),
        Column("probability", Integer),
        Column("created_at", UtcDateTime, nullable=False),
        Column("closed_at", UtcDateTime),
        Column("milliseconds_to_close", BigInteger),
        Column("custom", Json, nullable=False, server_default="{}"),
    )


def _names(name: str) -> Table:
    """What people call a user, section, category or partner; a section's place in the tree.

    `version` is the entry's own; 0 for a name that only a case told of. Among equal
    versions the later event's name stands.
    """
    return Table(
        name,
        metadata,
        Column("what", String(10), nullable=False),
        Column("id", Integer, nullable=False),
        Column("name", Text, nullable=False),
        Column("parent_id", Integer),
        Column("version", Integer, nullable=False),
        Column("event_id", String(36), nullable=False),
        PrimaryKeyConstraint("what", "id"),
    )


LIVE = Projection(_facts("facts"), _names("names"))
REBUILT = Projection(_facts("facts_rebuilt"), _names("names_rebuilt"))
facts, names = LIVE.facts, LIVE.names

Index("facts_created", facts.c.created_at)
Index("facts_state", facts.c.state)

# One row: whether what comes in has to be written to the rebuilt projection, too.
rebuild = Table(
    "rebuild",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("under_way", Boolean, nullable=False),
)

outbox = outbox_table(metadata)
inbox = inbox_table(metadata)
