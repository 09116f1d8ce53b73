"""All SQL about how suppliers are graded."""

from __future__ import annotations

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from services.contracts.errors import NotFound
from services.contracts.grades import Grading
from services.reporting.tables import grade_changes, grades, grading_turn, gradings

NOT_IN_PAYLOAD = {"id", "version", "name"}


def take_turn(connection: Connection) -> None:
    """Hold all gradings and grades until the commit: others who take the turn wait."""
    t = grading_turn
    connection.execute(update(t).values(revision=t.c.revision + 1))


def all_gradings(connection: Connection) -> list[Grading]:
    """Every grading, by name."""
    rows = connection.execute(select(gradings).order_by(gradings.c.name)).mappings()
    return [_grading(row) for row in rows]


def find_grading(connection: Connection, id: int) -> Grading | None:
    """The grading with this id, or None."""
    question = select(gradings).where(gradings.c.id == id)
    row = connection.execute(question).mappings().first()
    return _grading(row) if row else None


def get_grading(connection: Connection, id: int) -> Grading:
    """The grading with this id. Raises NotFound."""
    found = find_grading(connection, id)
    if found is None:
        raise NotFound("grading", id)
    return found


def add_grading(connection: Connection, grading: Grading) -> Grading:
    """Insert a grading and answer it with its new id."""
    result = connection.execute(insert(gradings).values(version=1, **_columns(grading)))
    assert result.inserted_primary_key is not None
    return grading.model_copy(update={"id": result.inserted_primary_key[0], "version": 1})


def write_grading(connection: Connection, grading: Grading) -> Grading:
    """Write a grading with a version one higher, and answer it."""
    written = grading.model_copy(update={"version": grading.version + 1})
    values = {"version": written.version, **_columns(written)}
    connection.execute(update(gradings).where(gradings.c.id == grading.id).values(values))
    return written


def remove_grading(connection: Connection, id: int) -> None:
    """Delete a grading with all its grades and their changes."""
    connection.execute(delete(gradings).where(gradings.c.id == id))
    for table in (grades, grade_changes):
        connection.execute(delete(table).where(table.c.grading_id == id))


def _grading(row: RowMapping) -> Grading:
    known = {"id": row["id"], "version": row["version"], "name": row["name"]}
    return Grading.model_validate({**row["payload"], **known})


def _columns(grading: Grading) -> dict[str, object]:
    payload = grading.model_dump(mode="json", exclude=NOT_IN_PAYLOAD)
    return {"name": grading.name, "payload": payload}
