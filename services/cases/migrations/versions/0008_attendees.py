"""Which meetings are our own: whose invitations went out from us."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add a column, false for the meetings there are, and an index by case."""
    op.add_column(
        "invitations", sa.Column("ours", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.create_index("invitations_case", "invitations", ["case_number"])
