"""Answers of the API under the idempotency keys of those who asked."""

import sqlalchemy as sa
from alembic import op

from services.runtime.database import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the table; all else stays as it is."""
    op.create_table(
        "kept_answers",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("content_mark", sa.String(64), nullable=False),
        sa.Column("begun_at", UtcDateTime, nullable=False, index=True),
        sa.Column("answer", sa.Text),
    )
