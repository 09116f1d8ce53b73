"""What a new system begins with: kinds of case, a section, and the administrator."""

from __future__ import annotations

from sqlalchemy import Connection, text

from services.cases.tables import FIRST_NUMBER, kinds, sections, users
from services.contracts.directory import Section, User

KINDS = (
    ("helpdesk", "Helpdesk request", False),
    ("claim", "Claim", False),
    ("quality", "Quality problem", False),
    ("meeting", "Meeting", True),
    ("phone_call", "Phone call", True),
    ("opportunity", "Opportunity", False),
    ("task", "Task", False),
    ("leave", "Leave", True),
    ("delivery", "Delivery", True),
)
NOT_IN_PAYLOAD = {"id", "version"}


def fill(connection: Connection) -> None:
    """Write it into an empty database."""
    names = ("code", "name", "dated")
    connection.execute(kinds.insert(), [dict(zip(names, kind, strict=True)) for kind in KINDS])
    admin = User(id=1, login="admin", name="Administrator", role="admin")
    support = Section(id=1, name="Support")
    connection.execute(
        users.insert().values(
            version=1,
            login=admin.login,
            payload=admin.model_dump(mode="json", exclude=NOT_IN_PAYLOAD),
        )
    )
    connection.execute(
        sections.insert().values(
            version=1,
            name=support.name,
            payload=support.model_dump(mode="json", exclude=NOT_IN_PAYLOAD),
        )
    )
    if connection.dialect.name == "sqlite":
        seed = "INSERT INTO sqlite_sequence (name, seq) VALUES ('cases', :last)"
        connection.execute(text(seed), {"last": FIRST_NUMBER - 1})
