"""Working calendars, past events to rehearse with, and what became of each firing."""

import sqlalchemy as sa
from alembic import op

from services.runtime.database import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables and columns; what is there stays as it is."""
    op.create_table(
        "calendars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "history",
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=50), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=400), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("what", "key", "version"),
    )
    op.create_table(
        "kinds",
        sa.Column("code", sa.String(length=50), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "past_events",
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_number", "version"),
    )
    with op.batch_alter_table("past_events", schema=None) as batch_op:
        batch_op.create_index("past_events_at", ["at", "case_number"], unique=False)

    op.create_table(
        "rule_failures",
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rule_id", "case_number"),
    )
    with op.batch_alter_table("due_times", schema=None) as batch_op:
        batch_op.create_index("due_times_case", ["case_number"], unique=False)
    with op.batch_alter_table("firings", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("rule_name", sa.String(length=200), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("cause", sa.Text(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("changed", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("refused", sa.Text(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("next_action_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("closed_at", UtcDateTime(), nullable=True))
        batch_op.create_index("firings_rule", ["rule_id", "id"], unique=False)
        batch_op.create_index("firings_rule_at", ["rule_id", "at"], unique=False)
