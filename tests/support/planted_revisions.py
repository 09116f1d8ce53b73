"""Revisions of the rules service's database that a release to come might have."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config

from services.runtime.revisions import configuration, known_revisions

SOURCE = '''"""Planted.{says}"""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{down}"
NAME = "%(table_name)s_%(column_0_name)s_key"


def upgrade() -> None:
    {body}
'''


class PlantedRevisions:
    """The service's own, and behind them those that are planted into an empty folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._head = known_revisions("rules")[0]
        self._number = 0

    @property
    def config(self) -> Config:
        """Alembic's configuration for all of them."""
        config = configuration("rules")
        own = Path(config.get_main_option("script_location") or "") / "versions"
        config.set_main_option("version_locations", f"{own}:{self._folder}")
        return config

    def plant(self, body: str, says: str = "") -> str:
        """One more, with this body and more words in its docstring: planted1, planted2, …"""
        self._number += 1
        revision = f"planted{self._number}"
        source = SOURCE.format(says=says, revision=revision, down=self._head, body=body)
        (self._folder / f"{revision}.py").write_text(source)
        self._head = revision
        return revision


def contracts(since: str) -> str:
    """What a revision says that takes away what nothing has used since an earlier one."""
    return f"\n\nContracts what is unused since {since}.\n"
