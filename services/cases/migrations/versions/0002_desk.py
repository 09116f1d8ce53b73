"""Tags, links, custom fields, quality actions, templates, and the history of the directory."""

import sqlalchemy as sa
from alembic import op

from services.cases.migrations.fill_0002 import fill_list_columns, make_search
from services.runtime.database import Json, UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables and columns, and fill in what lists go by; all else stays as it is."""
    op.create_table(
        "case_custom",
        sa.Column("code", sa.String(length=50), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", "value", "case_number"),
    )
    with op.batch_alter_table("case_custom", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_case_custom_case_number"), ["case_number"], unique=False
        )

    op.create_table(
        "case_links",
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("other", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("case_number", "other", "relation"),
    )
    op.create_table(
        "case_tags",
        sa.Column("tag", sa.String(length=50), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tag", "case_number"),
    )
    with op.batch_alter_table("case_tags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_tags_case_number"), ["case_number"], unique=False)

    op.create_table(
        "directory_history",
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=50), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=400), nullable=False),
        sa.Column("changes", Json, nullable=False),
        sa.PrimaryKeyConstraint("what", "key", "version"),
    )
    op.create_table(
        "quality_actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("quality_actions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quality_actions_case_number"), ["case_number"], unique=False
        )
        batch_op.create_index("quality_actions_due", ["done_at", "due", "id"], unique=False)

    op.create_table(
        "templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("category_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("merged_into", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("last_action_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("next_deadline", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("rank", sa.Integer(), nullable=True))
        batch_op.create_index("cases_category", ["category_id", "number"], unique=False)
        batch_op.create_index("cases_last_action", ["last_action_at", "number"], unique=False)
        batch_op.create_index("cases_rank", ["rank", "number"], unique=False)
        batch_op.drop_index("cases_state")
    _index_partly("cases", "cases_unclosed", "state IN ('draft', 'open', 'pending')", "number")
    _index_partly("cases", "cases_merged", "merged_into IS NOT NULL", "merged_into")
    due, key = "next_deadline IS NOT NULL", ("next_deadline", "number")
    _index_partly("cases", "cases_next_deadline", due, *key)
    op.execute("ALTER TABLE cases DROP COLUMN searched")

    fill_list_columns(op.get_bind())
    make_search(op.get_bind())
    with op.batch_alter_table("categories", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("kinds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fields", Json, server_default="[]", nullable=False))
        batch_op.add_column(
            sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))

    _let_messages_move()
    with op.batch_alter_table("partner_categories", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))


def _index_partly(table: str, name: str, where: str, *columns: str) -> None:
    """Index only the rows for which `where` holds."""
    only = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)


def _let_messages_move() -> None:
    """From one case to another, when cases are merged or split."""
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("from_case", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("from_number", sa.Integer(), nullable=True))
    _index_partly("messages", "messages_from", "from_case IS NOT NULL", "from_case", "from_number")
    with op.batch_alter_table("message_ids", schema=None) as batch_op:
        batch_op.add_column(sa.Column("message_number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("split_from", sa.Integer(), nullable=True))
    carries = "message_number IS NOT NULL"
    entry = ("case_number", "message_number")
    _index_partly("message_ids", "message_ids_entry", carries, *entry)
