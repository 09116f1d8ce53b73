"""Sessions that can be ended, the second factor, lock-out, resets, and the record of sign-ins."""

import sqlalchemy as sa
from alembic import op

from services.runtime.database import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the tables. Whoever was signed in has to sign in once more."""
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("user_id", sa.Integer, nullable=False, index=True),
        sa.Column("credential_version", sa.Integer, nullable=False),
        sa.Column("proof", sa.String(30), nullable=False),
        sa.Column("begun_at", UtcDateTime, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("program", sa.String(100), nullable=False),
    )
    op.create_table(
        "failed_tries",
        sa.Column("what", sa.String(10), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("last_at", UtcDateTime, nullable=False, index=True),
        sa.Column("blocked_until", UtcDateTime),
        sa.PrimaryKeyConstraint("what", "name", "address"),
    )
    _sign_in_events()
    _two_factor()
    _password_resets()


def _sign_in_events() -> None:
    op.create_table(
        "sign_in_events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False, index=True),
        sa.Column("what", sa.String(30), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("user_id", sa.Integer),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("program", sa.String(100), nullable=False),
    )
    op.create_index("sign_in_events_user", "sign_in_events", ["user_id", "id"])


def _two_factor() -> None:
    op.create_table(
        "two_factor",
        sa.Column("user_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.Column("confirmed_at", UtcDateTime),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.Integer, nullable=False, index=True),
        sa.Column("used_at", UtcDateTime),
    )


def _password_resets() -> None:
    op.create_table(
        "password_resets",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(320), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("program", sa.String(100), nullable=False),
        sa.Column("asked_at", UtcDateTime, nullable=False, index=True),
        sa.Column("taken_at", UtcDateTime),
        sa.Column("handled_at", UtcDateTime),
        sa.Column("user_id", sa.Integer),
        sa.Column("sha256", sa.String(64), unique=True),
        sa.Column("expires_at", UtcDateTime),
        sa.Column("used_at", UtcDateTime),
    )
