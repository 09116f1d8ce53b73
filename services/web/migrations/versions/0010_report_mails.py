"""Reports that are mailed on a schedule."""

import sqlalchemy as sa
from alembic import op

from services.runtime.database import Json, UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the table; nobody has one yet."""
    op.create_table(
        "report_mails",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("recipients", Json, nullable=False),
        sa.Column("rhythm", sa.String(10), nullable=False),
        sa.Column("weekday", sa.Integer, nullable=False),
        sa.Column("month_day", sa.Integer, nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("next_at", UtcDateTime, nullable=False),
        sa.Column("taken_until", UtcDateTime),
        sa.Column("last_sent_at", UtcDateTime),
        sa.Column("problem", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("report_mails_user", "report_mails", ["user_id"])
    op.create_index("report_mails_due", "report_mails", ["active", "next_at"])
