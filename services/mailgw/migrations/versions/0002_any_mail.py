"""Several secrets an account, how accounts fare, what stays on servers, where mails were put."""

import sqlalchemy as sa
from alembic import op

from services.mailgw import mail_search
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


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def _indexes_of_mails() -> None:
    _partial("raw_mails_case", "raw_mails", ["case_number", "id"], "case_number IS NOT NULL")
    _partial("raw_mails_aside", "raw_mails", ["id"], "filed = 'aside'")
    op.create_index("raw_mails_account", "raw_mails", ["account", "id"])
    _partial("outgoing_failed", "outgoing", ["id"], "status = 'failed'")


def _operators() -> None:
    op.create_table(
        "operator_acts",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("mail_id", sa.String(36), nullable=False, index=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("act", sa.String(12), nullable=False),
        sa.Column("user_id", sa.Integer),
        sa.Column("user_name", sa.String(200), nullable=False),
    )


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
        sa.Column("filed_at", UtcDateTime),
        sa.Column("message_number", sa.Integer),
        sa.Column("words", sa.Text),
        sa.Column("by_hand", sa.String(12)),
    ):
        op.add_column("raw_mails", column)
    _indexes_of_mails()
    mail_search.create(op)
    _operators()
