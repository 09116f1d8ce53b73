"""The categories of its partner that each case carries, so that lists are asked for by them."""

import sqlalchemy as sa
from alembic import op

from services.cases.migrations.fill_0010 import fill_partner_categories

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add a table with its index, and fill it in for the cases there are."""
    op.create_table(
        "case_partner_categories",
        sa.Column("category_id", sa.Integer, nullable=False),
        sa.Column("case_number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("category_id", "case_number"),
    )
    fill_partner_categories(op.get_bind())
    op.create_index(
        "ix_case_partner_categories_case_number", "case_partner_categories", ["case_number"]
    )
