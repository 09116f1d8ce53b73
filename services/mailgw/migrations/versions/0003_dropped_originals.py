"""Originals that are not kept any more, and where their attachments are."""

import sqlalchemy as sa
from alembic import op

from services.runtime.database import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add all of that; every original there is stays."""
    op.add_column("raw_mails", sa.Column("dropped_at", UtcDateTime))
    whole = sa.text("dropped_at IS NULL")
    op.create_index(
        "raw_mails_whole",
        "raw_mails",
        ["received_at"],
        sqlite_where=whole,
        postgresql_where=whole,
    )
    op.create_table(
        "kept_parts",
        sa.Column("mail_id", sa.String(36), nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("content_type", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("mail_id", "part"),
    )
