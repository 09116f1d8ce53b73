"""What cases are counted by, and the month in which each was opened."""

import sqlalchemy as sa
from alembic import op

from services.cases.migrations.fill_0007 import fill_created_month

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add a column, fill it in for the cases there are, and two indexes."""
    op.add_column("cases", sa.Column("created_month", sa.String(7)))
    fill_created_month(op.get_bind())
    op.create_index("cases_created_month", "cases", ["created_month", "number"])
    standing = sa.text("merged_into IS NULL")
    op.create_index(
        "cases_counted",
        "cases",
        [
            *("number", "state", "kind", "section_id", "responsible_id", "partner_id"),
            *("category_id", "priority", "created_month", "merged_into"),
        ],
        sqlite_where=standing,
        postgresql_where=standing,
    )
