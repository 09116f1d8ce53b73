"""Accounts, raw mails, the outgoing queue, outbox and inbox."""

import sqlalchemy as sa
from alembic import op

from services.messaging import inbox, outbox
from services.runtime.database import Json, UtcDateTime

revision = "0001"
down_revision = None


def _accounts(name: str) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False, unique=True),
        sa.Column("payload", Json, nullable=False),
        sa.Column("password_encrypted", sa.Text),
        sa.Column("approved", sa.Boolean, nullable=False),
    )


def _raw_mails() -> None:
    op.create_table(
        "raw_mails",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("account", sa.String(100), nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("verdicts", Json),
        sa.UniqueConstraint("account", "sha256", name="raw_mails_once"),
    )
    op.create_table(
        "raw_contents",
        sa.Column("mail_id", sa.String(36), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    waiting = sa.text("status = 'stored'")
    op.create_index(
        "raw_mails_waiting", "raw_mails", ["id"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_index("raw_mails_status", "raw_mails", ["status", "id"])


def _outgoing() -> None:
    op.create_table(
        "outgoing",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("message_id", sa.String(500), nullable=False, index=True),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", UtcDateTime, nullable=False),
        sa.Column("sender", sa.String(320), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("remaining", Json, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
    )
    due = sa.text("status IN ('queued', 'sending')")
    op.create_index(
        "outgoing_due", "outgoing", ["next_attempt_at"], sqlite_where=due, postgresql_where=due
    )


def _automatic_mails() -> None:
    op.create_table(
        "automatic_mails",
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("subject", sa.String(500), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )
    op.create_index("automatic_mails_address", "automatic_mails", ["address", "at"])
    op.create_index("automatic_mails_at", "automatic_mails", ["at"])


def upgrade() -> None:
    """Make every table of the first release."""
    _accounts("incoming_accounts")
    _accounts("outgoing_accounts")
    _raw_mails()
    _outgoing()
    _automatic_mails()
    outbox.create(op)
    inbox.create(op)
