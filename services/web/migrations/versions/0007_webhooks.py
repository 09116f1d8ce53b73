"""Webhooks, what is sent to them, and the inbox of the events that became deliveries."""

import sqlalchemy as sa
from alembic import op

from services.messaging import inbox
from services.runtime.database import Json, UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the tables; all else stays as it is."""
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("address", sa.String(2000), nullable=False),
        sa.Column("event_types", Json, nullable=False),
        sa.Column("section_id", sa.Integer),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("previous_secret", sa.Text),
        sa.Column("previous_until", UtcDateTime),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("off_reason", sa.String(20), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_error", sa.String(300), nullable=False),
        sa.Column("rests_until", UtcDateTime),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_by", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )
    _deliveries()
    inbox.create(op)


def _deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "webhook_id",
            sa.Integer,
            sa.ForeignKey("webhooks.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("message_id", sa.String(36), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("case_number", sa.Integer),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False, index=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", UtcDateTime),
        sa.Column("give_up_at", UtcDateTime, nullable=False),
        sa.Column("leased_until", UtcDateTime),
        sa.Column("last_try_at", UtcDateTime),
        sa.Column("last_status", sa.Integer),
        sa.Column("last_error", sa.String(300), nullable=False),
        sa.Column("outcome", sa.String(20)),
        sa.Column("settled_at", UtcDateTime),
        sa.UniqueConstraint("webhook_id", "message_id", name="webhook_deliveries_once"),
    )
    waiting = sa.text("next_try_at IS NOT NULL")
    op.create_index(
        "webhook_deliveries_due",
        "webhook_deliveries",
        ["webhook_id", "next_try_at"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("webhook_deliveries_newest", "webhook_deliveries", ["webhook_id", "id"])
    op.create_index(
        "webhook_deliveries_by_outcome", "webhook_deliveries", ["webhook_id", "outcome", "id"]
    )
