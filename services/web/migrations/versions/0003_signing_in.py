"""Sessions that can be ended, tries to sign in, second factors, resets, and calendar feeds."""

import sqlalchemy as sa
from alembic import op

from services.runtime.database import Json, UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the tables; all else stays as it is."""
    op.create_table(
        "browser_sessions",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("user_id", sa.Integer, nullable=False, index=True),
        sa.Column("began_at", UtcDateTime, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("browser", sa.String(300), nullable=False),
        sa.Column("ended_at", UtcDateTime),
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("login", sa.String(100), nullable=False),
        sa.Column("user_id", sa.Integer),
        sa.Column("outcome", sa.String(30), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("browser", sa.String(300), nullable=False),
    )
    op.create_index("sign_ins_login", "sign_ins", ["login", "at"])
    op.create_index("sign_ins_at", "sign_ins", ["at"])
    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("confirmed_at", UtcDateTime),
        sa.Column("last_step", sa.Integer, nullable=False),
        sa.Column("recovery", Json, nullable=False),
    )
    op.create_table(
        "password_resets",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.Integer, nullable=False, index=True),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("used_at", UtcDateTime),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("ending", sa.String(6), nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False, index=True),
        sa.Column("of_user_id", sa.Integer),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("read_at", UtcDateTime),
        sa.Column("revoked_at", UtcDateTime),
    )
