"""Several secrets an account, how accounts fare, what stays on servers, where mails were put."""

import sqlalchemy as sa
from alembic import op

from services.runtime.database import Json, UtcDateTime

revision = "0002"
down_revision = "0001"

DIRECTIONS = ("incoming_accounts", "outgoing_accounts")


def _several_secrets(name: str) -> None:
    """The password becomes one of an account's secrets."""
    op.add_column(name, sa.Column("secrets", Json, nullable=False, server_default="{}"))
    accounts = sa.table(
        name, sa.column("id"), sa.column("password_encrypted"), sa.column("secrets", Json)
    )
    connection = op.get_bind()
    with_password = sa.select(accounts.c.id, accounts.c.password_encrypted).where(
        accounts.c.password_encrypted.is_not(None)
    )
    for id, password in connection.execute(with_password).all():
        connection.execute(
            sa.update(accounts).where(accounts.c.id == id).values(secrets={"password": password})
        )
    with op.batch_alter_table(name) as table:
        table.drop_column("password_encrypted")
        table.alter_column("secrets", server_default=None)


def upgrade() -> None:
    """Add all of that; mails and accounts there are stay as they are."""
    for name in DIRECTIONS:
        _several_secrets(name)
    op.create_table(
        "account_states",
        sa.Column("account_id", sa.String(36), primary_key=True),
        sa.Column("last_success_at", UtcDateTime),
        sa.Column("last_error_at", UtcDateTime),
        sa.Column("last_error", sa.Text, nullable=False),
        sa.Column("passed", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
    )
    op.create_table(
        "fetched_mails",
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("folder", sa.String(400), nullable=False),
        sa.Column("uid", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "folder", "uid"),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("holder", sa.String(36), nullable=False),
        sa.Column("slot", sa.Integer, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
    )
    for column in (
        sa.Column("message_id", sa.String(500)),
        sa.Column("sender", sa.String(320)),
        sa.Column("subject", sa.Text),
        sa.Column("case_number", sa.Integer),
        sa.Column("filed", sa.String(12)),
        sa.Column("filed_why", sa.Text),
    ):
        op.add_column("raw_mails", column)
    on_a_case = sa.text("case_number IS NOT NULL")
    op.create_index(
        "raw_mails_case",
        "raw_mails",
        ["case_number", "id"],
        sqlite_where=on_a_case,
        postgresql_where=on_a_case,
    )
