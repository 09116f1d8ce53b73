"""Whose case it is, by address: the partners' portal lists a contact's own cases."""

import sqlalchemy as sa
from alembic import op

from services.cases.migrations.fill_0006 import fill_contact_addresses

revision = "0006"
down_revision = "0004"


def upgrade() -> None:
    """Add the column with its index, and fill it in for the cases there are."""
    op.add_column("cases", sa.Column("contact_address", sa.String(320)))
    fill_contact_addresses(op.get_bind())
    op.create_index("cases_contact", "cases", ["contact_address", "number"])
