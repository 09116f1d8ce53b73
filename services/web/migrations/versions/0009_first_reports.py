"""Which report opens first, for a user or (user 0) for all who chose none."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the table; without a row the report opens as it always did."""
    op.create_table(
        "first_reports",
        sa.Column("user_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("question", sa.Text, nullable=False),
    )
