"""All SQL about predefined mails, and about what only they need of a case."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select, update

from services.cases.tables import messages, templates
from services.contracts.directory import MailTemplate
from services.contracts.errors import NotFound

# What the partner may read: no note of ours, nor what somebody wrote in another's name.
_LAST_TEXT = (
    select(messages.c.text)
    .where(
        messages.c.case_number == bindparam("its_number"),
        messages.c.kind != "note",
        messages.c.direction != "internal",
        messages.c.verified,
    )
    .order_by(messages.c.number.desc())
    .limit(1)
)


def find(connection: Connection, id: int) -> MailTemplate | None:
    """The template with this id, or None."""
    row = connection.execute(select(templates).where(templates.c.id == id)).mappings().first()
    return MailTemplate.model_validate(dict(row)) if row else None


def get(connection: Connection, id: int) -> MailTemplate:
    """The template with this id. Raises NotFound."""
    found = find(connection, id)
    if found is None:
        raise NotFound("template", id)
    return found


def hold(connection: Connection, id: int) -> MailTemplate:
    """The same, locked until the commit where the database can. Raises NotFound."""
    connection.execute(select(templates.c.id).where(templates.c.id == id).with_for_update())
    return get(connection, id)


def every(connection: Connection) -> list[MailTemplate]:
    """All templates by name, the retired ones too."""
    rows = connection.execute(select(templates).order_by(templates.c.name)).mappings()
    return [MailTemplate.model_validate(dict(row)) for row in rows]


def id_of(connection: Connection, name: str) -> int | None:
    """The id of the template called so."""
    return connection.scalar(select(templates.c.id).where(templates.c.name == name))


def add(connection: Connection, template: MailTemplate) -> MailTemplate:
    """Insert a template and answer it with its id."""
    fields = template.model_dump(exclude={"id", "version"})
    result = connection.execute(insert(templates).values(version=1, **fields))
    assert result.inserted_primary_key is not None
    return template.model_copy(update={"id": result.inserted_primary_key[0], "version": 1})


def save(connection: Connection, template: MailTemplate) -> MailTemplate:
    """Write a template with a version one higher, and answer it."""
    saved = template.model_copy(update={"version": template.version + 1})
    fields = saved.model_dump(exclude={"id"})
    connection.execute(update(templates).where(templates.c.id == saved.id).values(**fields))
    return saved


def last_text(connection: Connection, number: int) -> str:
    """What was last said on a case that its partner may read; empty when nothing was."""
    return connection.scalar(_LAST_TEXT, {"its_number": number}) or ""
