"""A release after this one, as it might be: a copy of the services that has expanded a little.

Each database gets a nullable column in every table, of which its code knows, and one table more.
Events about cases carry one more optional field, which the cases service fills in.
"""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path

from support.system import ROOT, SERVICES

from services.runtime.revisions import known_revisions

RELEASE = "the next"
REVISION = "next"
COLUMN = "of_the_next_release"

MIGRATION = f'''"""A column more in every table, and a table."""

import sqlalchemy as sa
from alembic import op

revision = "{REVISION}"
down_revision = "{{down}}"


def upgrade() -> None:
    for name in {{tables}}:
        op.add_column(name, sa.Column("{COLUMN}", sa.String(20)))
    op.create_table("next_notes", sa.Column("id", sa.Integer, primary_key=True))
'''
TABLES = f'''

import sqlalchemy as sa

for _table in [*metadata.tables.values()]:
    _table.append_column(sa.Column("{COLUMN}", sa.String(20)))
sa.Table("next_notes", metadata, sa.Column("id", sa.Integer, primary_key=True))
'''
# What is changed in a file: the text there, and what stands there then.
CHANGES = {
    "contracts/cases.py": (
        "    firing: FiringOutcome | None = None\n\n\nclass MessageAdded",
        '    firing: FiringOutcome | None = None\n    release: str = ""\n\n\nclass MessageAdded',
    ),
    "cases/actions/ledger.py": (
        "        firing=firing,\n    )\n    event",
        f'        firing=firing,\n        release="{RELEASE}",\n    )\n    event',
    ),
}


def make_next_release(folder: Path) -> Path:
    """Put its sources into a folder; from there they are run as those of this release are."""
    shutil.copytree(ROOT / "services", folder / "services")
    for path, (before, after) in CHANGES.items():
        file = folder / "services" / path
        source = file.read_text(encoding="utf-8")
        assert source.count(before) == 1, f"{path} is not as the next release expects it"
        file.write_text(source.replace(before, after), encoding="utf-8")
    for service in SERVICES:
        _expand(folder / "services" / service, service)
    return folder


def _expand(folder: Path, service: str) -> None:
    tables = [*import_module(f"services.{service}.tables").metadata.tables]
    migration = MIGRATION.format(down=known_revisions(service)[0], tables=tables)
    (folder / "migrations" / "versions" / "next.py").write_text(migration, encoding="utf-8")
    with (folder / "tables.py").open("a", encoding="utf-8") as file:
        file.write(TABLES)
