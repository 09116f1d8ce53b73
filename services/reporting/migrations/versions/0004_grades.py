"""Gradings of suppliers, the grades they were given, and how these came to be."""

import sqlalchemy as sa
from alembic import op

from services.messaging import answers
from services.runtime.database import Json, UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Begin without a grading."""
    op.create_table(
        "gradings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "grading_turn",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute(sa.text("INSERT INTO grading_turn (id, revision) VALUES (1, 0)"))
    op.create_table(
        "grades",
        sa.Column("grading_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("grading_id", "partner_id"),
    )
    op.create_table(
        "grade_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grading_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("before_id", sa.Integer()),
        sa.Column("after_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("grade_changes_of", "grade_changes", ["grading_id", "id"], unique=False)
    answers.create(op)
