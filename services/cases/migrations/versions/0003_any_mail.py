"""Keys that sign the addresses answers go to, and the meetings that invitations are about."""

import sqlalchemy as sa
from alembic import op

from services.runtime.database import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the two tables; all else stays as it is."""
    op.create_table(
        "reply_keys",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "invitations",
        sa.Column("uid", sa.String(500), primary_key=True),
        sa.Column("case_number", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
    )
