"""What a user has put away: the first steps of a fresh system."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the table; without a row nothing is put away."""
    op.create_table(
        "put_away",
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("what", sa.String(30), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "what"),
    )
