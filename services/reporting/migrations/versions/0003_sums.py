"""Facts that know what happened to a case, sums of them for each month, and rates of currencies.

What an older release kept of a case does not tell how often it was opened again or how long it
waited: facts are made anew from the event log, by the service itself once it runs.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from services.runtime.database import Json, UtcDateTime

revision = "0003"
down_revision = "0002"

STORED = (
    *("events", "closed", "milliseconds_to_close", "responded", "milliseconds_to_respond"),
    *("ever_closed", "reopened", "closed_with_deadline", "within_deadline"),
    *("responded_with_deadline", "within_response_deadline", "messages_in", "messages_out"),
    *("lived_through", "milliseconds_draft", "milliseconds_open", "milliseconds_pending"),
)
MONEY = (
    *("revenue_high", "revenue_low", "cost_high", "cost_low"),
    *("weighted_high", "weighted_low"),
)
TEAM = ("section_id", "responsible_id", "state", "merged")
TEXTS = ("state", "kind", "priority")


def upgrade() -> None:
    """Begin with empty facts, and ask for a rebuild where there were any."""
    with op.batch_alter_table("rebuild") as batch_op:
        batch_op.add_column(
            sa.Column("wanted", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute(sa.text("UPDATE rebuild SET wanted = EXISTS (SELECT 1 FROM facts)"))
    with op.batch_alter_table("rebuild") as batch_op:
        batch_op.alter_column("wanted", server_default=None)
    for name in ("facts", "facts_rebuilt"):
        op.drop_table(name)
        _create_facts(name)
    op.create_index("facts_created", "facts", ["created_seconds"], unique=False)
    op.create_index("facts_state", "facts", ["state", "section_id", "created_at"], unique=False)
    for name in ("names", "names_rebuilt"):
        with op.batch_alter_table(name) as batch_op:
            batch_op.alter_column("what", type_=sa.String(20), existing_nullable=False)
    _create_cube("sums_by_team", *TEAM)
    _create_cube("sums_by_kind", *TEAM, "kind", "priority")
    _create_cube("sums_by_category", *TEAM, "category_id")
    _create_sums("delays_by_team", TEAM, sa.Column("counts", Json, nullable=False))
    op.create_table(
        "rates",
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("rate", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("currency", "month"),
    )
    op.create_table(
        "main_currency",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute(sa.text("INSERT INTO main_currency (id, currency, version) VALUES (1, 'EUR', 0)"))


def _create_facts(name: str) -> None:
    op.create_table(
        name,
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("section_id", sa.Integer()),
        sa.Column("category_id", sa.Integer()),
        sa.Column("responsible_id", sa.Integer()),
        sa.Column("partner_id", sa.Integer()),
        sa.Column("partner_categories", Json, nullable=False),
        sa.Column("priority", sa.String(10), nullable=False),
        sa.Column("merged", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("revenue_units", sa.BigInteger()),
        sa.Column("cost_units", sa.BigInteger()),
        sa.Column("probability", sa.Integer()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_seconds", sa.BigInteger(), nullable=False),
        sa.Column("created_month", sa.Integer(), nullable=False),
        sa.Column("closed_at", UtcDateTime()),
        sa.Column("delay_step", sa.Integer()),
        sa.Column("custom", Json, nullable=False),
        sa.Column("counted_upto", sa.Integer(), nullable=False),
        sa.Column("counted_beyond", Json, nullable=False),
        sa.Column("closings", sa.Integer(), nullable=False),
        sa.Column("reopenings", sa.Integer(), nullable=False),
        sa.Column("left_draft", sa.BigInteger(), nullable=False),
        sa.Column("left_open", sa.BigInteger(), nullable=False),
        sa.Column("left_pending", sa.BigInteger(), nullable=False),
        *(sa.Column(measure, sa.BigInteger()) for measure in STORED),
        sa.PrimaryKeyConstraint("number"),
    )


def _create_cube(name: str, *cuts: str) -> None:
    measures = ("count", *STORED, *MONEY)
    _create_sums(name, cuts, *(sa.Column(one, sa.BigInteger(), nullable=False) for one in measures))


def _create_sums(name: str, cuts: tuple[str, ...], *sums: sa.Column[Any]) -> None:
    key: list[sa.Column[Any]] = [
        sa.Column("created_month", sa.Integer(), nullable=False),
        *(sa.Column(c, sa.Text() if c in TEXTS else sa.Integer(), nullable=False) for c in cuts),
        sa.Column("currency", sa.Text(), nullable=False),
    ]
    primary_key = sa.PrimaryKeyConstraint(*(column.name for column in key))
    op.create_table(name, *key, *sums, primary_key, sqlite_with_rowid=False)
