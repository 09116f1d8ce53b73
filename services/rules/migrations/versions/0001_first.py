"""Rules, known cases, due times, firings, directory, outbox and inbox."""

import sqlalchemy as sa
from alembic import op

from services.messaging import answers, inbox, outbox
from services.runtime.database import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table of the first release."""
    op.create_table(
        "rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sqlite_autoincrement=True,
    )
    revisions = op.create_table(
        "rules_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "known_cases",
        sa.Column("case_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("came_from", sa.String(length=10), nullable=False),
        sa.Column("state_since", UtcDateTime(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_number"),
    )
    op.create_index("known_cases_state", "known_cases", ["state", "case_number"])
    op.create_table(
        "due_times",
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("episode", sa.String(length=120), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rule_id", "case_number"),
    )
    op.create_index("due_times_due", "due_times", ["due_at"])
    op.create_table(
        "firings",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("episode", sa.String(length=120), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("rule_id", "case_number", "episode", name="firings_once"),
    )
    op.create_index("firings_case", "firings", ["case_number", "id"])
    op.create_table(
        "directory",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id"),
    )
    op.bulk_insert(revisions, [{"id": 1, "number": 1}])
    outbox.create(op)
    inbox.create(op)
    answers.create(op)
