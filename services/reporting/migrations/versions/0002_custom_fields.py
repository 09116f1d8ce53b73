"""Custom fields of cases, so that reports can be cut by them."""

import sqlalchemy as sa
from alembic import op

from services.runtime.database import Json

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; no case had such fields before."""
    for name in ("facts", "facts_rebuilt"):
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.add_column(sa.Column("custom", Json, server_default="{}", nullable=False))
