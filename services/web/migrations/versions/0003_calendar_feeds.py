"""Calendars for other programs, read by secret addresses."""

import sqlalchemy as sa
from alembic import op

from services.runtime.database import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table; all else stays as it is."""
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("ending", sa.String(6), nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False, index=True),
        sa.Column("of_user_id", sa.Integer),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("read_at", UtcDateTime),
        sa.Column("revoked_at", UtcDateTime),
    )
