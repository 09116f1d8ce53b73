"""Which columns the list of cases has for each user."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the table; without a row the list has the columns that it always had."""
    op.create_table(
        "list_columns",
        sa.Column("user_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("columns", sa.Text, nullable=False),
    )
