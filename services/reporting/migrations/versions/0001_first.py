"""Facts and names, the same for a rebuild, outbox and inbox."""

import sqlalchemy as sa
from alembic import op

from services.messaging import inbox, outbox
from services.runtime.database import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table of the first release."""
    for suffix in ("", "_rebuilt"):
        _create_facts(f"facts{suffix}")
        _create_names(f"names{suffix}")
    op.create_index("facts_created", "facts", ["created_at"], unique=False)
    op.create_index("facts_state", "facts", ["state"], unique=False)
    op.create_table(
        "rebuild",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("under_way", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute(sa.text("INSERT INTO rebuild (id, under_way) VALUES (1, false)"))
    outbox.create(op)
    inbox.create(op)


def _create_facts(name: str) -> None:
    op.create_table(
        name,
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("priority", sa.String(length=10), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("revenue_units", sa.BigInteger(), nullable=True),
        sa.Column("cost_units", sa.BigInteger(), nullable=True),
        sa.Column("probability", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("milliseconds_to_close", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )


def _create_names(name: str) -> None:
    op.create_table(
        name,
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("what", "id"),
    )
