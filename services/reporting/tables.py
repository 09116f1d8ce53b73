"""The tables of the reporting service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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

from services.messaging.answers import answers_table
from services.messaging.inbox import inbox_table
from services.messaging.outbox import outbox_table
from services.reporting.model.measures import MEASURES, STORED
from services.runtime.database import Json, UtcDateTime

metadata = MetaData()
_WAITS = ("draft", "open", "pending")


@dataclass(frozen=True)
class Projection:
    """What is known of the cases, and the names to show for the numbers in it."""

    facts: Table
    names: Table


def _facts(name: str) -> Table:
    """One row a case: how it stands, what happened to it, and its measures.

    Money is in units of 1/10000. `custom` holds the custom fields as texts by code
    (model/custom_text.py), `created_seconds` is since 1970, `created_month` as model/months.py
    counts. The `counted_…` say which events are in it (model/counted.py), `left_…` are in
    milliseconds (projections/project_cases.py).
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
        Column("partner_categories", Json, nullable=False),
        Column("priority", String(10), nullable=False),
        Column("merged", Integer, nullable=False),
        Column("currency", Text, nullable=False),
        Column("revenue_units", BigInteger),
        Column("cost_units", BigInteger),
        Column("probability", Integer),
        Column("created_at", UtcDateTime, nullable=False),
        Column("created_seconds", BigInteger, nullable=False),
        Column("created_month", Integer, nullable=False),
        Column("closed_at", UtcDateTime),
        Column("delay_step", Integer),
        Column("custom", Json, nullable=False),
        Column("counted_upto", Integer, nullable=False),
        Column("counted_beyond", Json, nullable=False),
        Column("closings", Integer, nullable=False),
        Column("reopenings", Integer, nullable=False),
        *(Column(f"left_{state}", BigInteger, nullable=False) for state in _WAITS),
        *(Column(measure, BigInteger) for measure in STORED),
    )


def _names(name: str) -> Table:
    """What people call a user, section, category or partner; a section's place in the tree.

    `version` is the entry's own; 0 for a name that only a case told of. Among equal
    versions the later event's name stands.
    """
    return Table(
        name,
        metadata,
        Column("what", String(20), nullable=False),
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

Index("facts_created", facts.c.created_seconds)
# Open cases are counted from it alone, however many are closed.
Index("facts_state", facts.c.state, facts.c.section_id, facts.c.created_at)


@dataclass(frozen=True)
class Cube:
    """Sums of the live facts for each month of creation (model/months.py) and `cuts`.

    A number that a case does not have is 0 here. `merged` is 1 for cases that are no longer any
    of their own: they count with the one that they were merged into, and in no report.
    """

    table: Table
    cuts: tuple[str, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a row."""
        return ("created_month", *self.cuts, "currency")


def _cube(name: str, *cuts: str) -> Cube:
    return Cube(_table_of_sums(name, cuts, *(_sum(measure) for measure in MEASURES)), cuts)


def _sum(name: str) -> Column[Any]:
    return Column(name, BigInteger, nullable=False)


def _table_of_sums(name: str, cuts: tuple[str, ...], *sums: Column[Any]) -> Table:
    texts = {"state", "kind", "priority"}
    key: list[Column[Any]] = [
        Column("created_month", Integer, nullable=False),
        *(Column(cut, Text if cut in texts else Integer, nullable=False) for cut in cuts),
        Column("currency", Text, nullable=False),
    ]
    primary_key = PrimaryKeyConstraint(*(column.name for column in key))
    return Table(name, metadata, *key, *sums, primary_key, sqlite_with_rowid=False)


# The smallest first: a question reads the first that knows all that it cuts and filters by.
TEAM = ("section_id", "responsible_id", "state", "merged")
CUBES = (
    _cube("sums_by_team", *TEAM),
    _cube("sums_by_kind", *TEAM, "kind", "priority"),
    _cube("sums_by_category", *TEAM, "category_id"),
)
# How many closed cases have which step of the delay (model/steps.py): {"412": 3}.
DELAYS = Cube(_table_of_sums("delays_by_team", TEAM, Column("counts", Json, nullable=False)), TEAM)

# One row. `under_way`: what comes in has to be written to the rebuilt projection, too.
# `wanted`: the facts there are were made by an older release, and have to be made anew.
rebuild = Table(
    "rebuild",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("under_way", Boolean, nullable=False),
    Column("wanted", Boolean, nullable=False),
)

# What one unit of a currency is worth in the main one, from a month ("2026-11") on; exact texts.
rates = Table(
    "rates",
    metadata,
    Column("currency", String(3), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("rate", Text, nullable=False),
)

# One row: the currency that rates are told in, and how often the table of rates was saved.
main_currency = Table(
    "main_currency",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("currency", String(3), nullable=False),
    Column("version", Integer, nullable=False),
)

# How suppliers are graded: contracts.grades.Grading without id, version and name is `payload`.
gradings = Table(
    "gradings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(200), nullable=False, unique=True),
    Column("payload", Json, nullable=False),
)

# One row: whoever saves, deletes or grades holds it until the commit, one after the other.
grading_turn = Table(
    "grading_turn",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
)

# The grade that each supplier was given, and announced to be in.
grades = Table(
    "grades",
    metadata,
    Column("grading_id", Integer, nullable=False),
    Column("partner_id", Integer, nullable=False),
    Column("category_id", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("grading_id", "partner_id"),
)

# Every change of a grade, for good; `before` is NULL for a supplier's first.
grade_changes = Table(
    "grade_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("grading_id", Integer, nullable=False),
    Column("partner_id", Integer, nullable=False),
    Column("before_id", Integer),
    Column("after_id", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
Index("grade_changes_of", grade_changes.c.grading_id, grade_changes.c.id)

answers = answers_table(metadata)
outbox = outbox_table(metadata)
inbox = inbox_table(metadata)
