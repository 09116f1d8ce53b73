"""From when to when a case stands in calendars."""

import sqlalchemy as sa
from alembic import op

from services.cases.migrations.fill_0004 import fill_calendar_columns
from services.runtime.database import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add three columns and their index, and fill them in for the dated cases there are."""
    op.add_column("cases", sa.Column("start_at", UtcDateTime()))
    op.add_column("cases", sa.Column("end_at", UtcDateTime()))
    op.add_column("cases", sa.Column("span", sa.SmallInteger()))
    fill_calendar_columns(op.get_bind())
    dated = sa.text("span IS NOT NULL")
    op.create_index(
        "cases_calendar",
        "cases",
        ["span", "start_at", "end_at"],
        sqlite_where=dated,
        postgresql_where=dated,
    )
