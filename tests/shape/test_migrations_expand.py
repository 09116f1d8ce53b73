"""O2: a migration takes nothing away that the code before it uses; so both can run at once.

Each service's database is migrated revision by revision, on SQLite and on PostgreSQL, and looked at
between. What the checker finds is tried on revisions that are planted here.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import Script
from support.planted_revisions import PlantedRevisions, contracts
from support.schema_looks import taken_away
from support.schema_steps import steps

from services.runtime.database import Database
from services.runtime.revisions import configuration, known_revisions, unused_since

# The revision of each service with which the rule begins to hold. Those before were made when
# there was no release yet: nobody ran two versions of them at once, and some take away.
BASELINE = {"cases": "0009", "rules": "0002", "mailgw": "0003", "reporting": "0004", "web": "0010"}


def problems(database: Database, config: Config) -> dict[str, list[str]]:
    """By revision, what it takes away without saying so as it should; nothing where all is well."""
    found: dict[str, list[str]] = {}
    earlier: list[str] = []
    for script, before, after in steps(database, config):
        taken = taken_away(before, after)
        if taken and unused_since(script) not in earlier:
            found[script.revision] = [*taken, *_said_wrong(script)]
        earlier.append(script.revision)
    return found


def _said_wrong(script: Script) -> list[str]:
    since = unused_since(script)
    return [f"unused since {since}, which is no earlier revision"] if since else []


@pytest.mark.parametrize("service", BASELINE)
def test_O2_from_the_baseline_on_migrations_only_expand(database: Database, service: str) -> None:
    ruled = known_revisions(service)
    ruled = ruled[: ruled.index(BASELINE[service])]
    found = problems(database, configuration(service))
    assert {revision: found[revision] for revision in ruled if revision in found} == {}


def test_O2_what_was_taken_away_before_the_baseline_is_found(database: Database) -> None:
    """So the check of this tree's own migrations is one that can fail."""
    assert problems(database, configuration("cases")) == {
        "0002": ["cases: column searched is gone"]
    }


EXPANDING = {
    "a nullable column": 'op.add_column("inbox", sa.Column("more", sa.String(5)))',
    "a column with a default": (
        'op.add_column("inbox", sa.Column("rank", sa.Integer, nullable=False, server_default="1"))'
    ),
    "a table": 'op.create_table("more", sa.Column("id", sa.Integer, primary_key=True))',
    "an index": 'op.create_index("inbox_more", "inbox", ["taken_at"])',
    "an index that is gone": 'op.drop_index("due_times_case")',
    "a longer text": (
        'with op.batch_alter_table("kinds") as table:\n'
        '        table.alter_column("code", type_=sa.String(80), existing_nullable=False)'
    ),
    "data": "op.execute(\"INSERT INTO kinds VALUES ('a', 1, 'A', true)\")",
}
CONTRACTING = {
    "a dropped table": ('op.drop_table("kinds")', "table kinds is gone"),
    "a renamed table": ('op.rename_table("kinds", "sorts")', "table kinds is gone"),
    "a dropped column": ('op.drop_column("kinds", "name")', "kinds: column name is gone"),
    "a renamed column": (
        'op.alter_column("kinds", "name", new_column_name="title")',
        "kinds: column name is gone",
    ),
    "a column that has to be given": (
        'with op.batch_alter_table("kinds") as table:\n'
        '        table.add_column(sa.Column("more", sa.Integer, nullable=False))',
        "kinds: column more is new and has to be given",
    ),
    "a column that may be empty no more": (
        'with op.batch_alter_table("firings") as table:\n'
        '        table.alter_column("changed", existing_type=sa.Boolean, nullable=False)',
        "firings: column changed may not be empty any more",
    ),
    "a default that is gone": (
        'with op.batch_alter_table("firings") as table:\n'
        '        table.alter_column("refused", existing_type=sa.Text, server_default=None)',
        "firings: column refused has no default any more",
    ),
    "a shorter text": (
        'with op.batch_alter_table("kinds") as table:\n'
        '        table.alter_column("code", type_=sa.String(20), existing_nullable=False)',
        "kinds: column code is VARCHAR(20), and was VARCHAR(50)",
    ),
    "another type": (
        'with op.batch_alter_table("kinds") as table:\n'
        '        table.alter_column("version", type_=sa.Text, existing_nullable=False)',
        "kinds: column version is TEXT, and was INTEGER",
    ),
    "a unique index": (
        'op.create_index("once", "kinds", ["name"], unique=True)',
        "kinds: this holds for it now: unique name",
    ),
    "a constraint that is gone": (
        'with op.batch_alter_table("calendars", naming_convention={"uq": NAME}) as table:\n'
        '        table.drop_constraint("calendars_name_key", type_="unique")',
        "calendars: what held for it is gone: unique name",
    ),
    "a check": (
        'with op.batch_alter_table("kinds") as table:\n'
        '        table.create_check_constraint("some", sa.text("version > 0"))',
        "kinds: this holds for it now: check version > 0",
    ),
    "another primary key": (
        'op.drop_table("kinds")\n'
        '    op.create_table("kinds", sa.Column("code", sa.String(50), primary_key=True),\n'
        '        sa.Column("version", sa.Integer, primary_key=True),\n'
        '        sa.Column("name", sa.Text, nullable=False),\n'
        '        sa.Column("active", sa.Boolean, nullable=False))',
        "kinds: its primary key is ('code', 'version'), and was ('code',)",
    ),
    "a foreign key": (
        'op.create_table("more", sa.Column("id", sa.Integer, primary_key=True),\n'
        '        sa.Column("code", sa.String(50), sa.ForeignKey("kinds.code")))',
        "more: its foreign key holds the rows of kinds",
    ),
}


@pytest.fixture
def planted(tmp_path: Path) -> PlantedRevisions:
    folder = tmp_path / "planted"
    folder.mkdir()
    return PlantedRevisions(folder)


def test_O2_what_expands_is_let_through(database: Database, planted: PlantedRevisions) -> None:
    for body in EXPANDING.values():
        planted.plant(body)
    assert problems(database, planted.config) == {}


@pytest.mark.parametrize("what", CONTRACTING)
def test_O2_what_takes_away_is_found(
    database: Database, planted: PlantedRevisions, what: str
) -> None:
    body, sentence = CONTRACTING[what]
    revision = planted.plant(body)
    found = problems(database, planted.config)
    assert list(found) == [revision]
    assert sentence in found[revision]


def test_O2_a_revision_may_say_since_when_it_is_unused(
    database: Database, planted: PlantedRevisions
) -> None:
    drop = 'op.drop_column("kinds", "name")'
    expanding = planted.plant(EXPANDING["a table"])
    planted.plant(drop, says=contracts(expanding))
    assert problems(database, planted.config) == {}


@pytest.mark.parametrize("since", ["planted1", "0815"])
def test_O2_what_it_says_has_to_be_an_earlier_revision(
    database: Database, planted: PlantedRevisions, since: str
) -> None:
    revision = planted.plant('op.drop_column("kinds", "name")', says=contracts(since))
    (found,) = problems(database, planted.config).values()
    assert revision == "planted1" and f"unused since {since}, which is no earlier" in found[-1]
