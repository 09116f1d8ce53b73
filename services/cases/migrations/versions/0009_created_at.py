"""When each case was opened, so that a figure of a report leads to its cases."""

import sqlalchemy as sa
from alembic import op

from services.cases.migrations.fill_0009 import fill_created_at
from services.runtime.database import UtcDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add a column, fill it in for the cases there are, and an index."""
    op.add_column("cases", sa.Column("created_at", UtcDateTime))
    fill_created_at(op.get_bind())
    op.create_index("cases_created_at", "cases", ["created_at", "number"])
