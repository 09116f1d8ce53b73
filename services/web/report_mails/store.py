"""The reports that are mailed on a schedule: kept, changed, and taken when they are due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field
from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from services.contracts.envelope import Part
from services.contracts.errors import InvalidRequest, NotFound, StaleVersion
from services.web.report_mails.schedule import Rhythm, Schedule
from services.web.tables import report_mails

MOST_OF_ONE_USER = 50
LONGEST_NAME = 100
# Longer than making and ordering one may take: whoever holds it still, is dead.
LEASE = timedelta(minutes=5)

Problem = Literal["", "waits", "inactive", "question", "recipients", "no_address"]


class ReportMail(Part):
    """A report that is mailed as its owner `user_id` sees it.

    `question` is the query string of the report's page; without `recipients` it goes to the
    owner. `weekday` (0 is Monday) counts for a weekly one, `month_day` for a monthly one, `hour`
    on the owner's clock. `problem`: "waits" (it is tried again soon), or why it was switched off:
    "inactive" (its owner is), "question" (it is refused), "recipients" (its owner may not write
    to them), "no_address" (its owner has none).
    """

    id: int
    user_id: int
    name: str
    question: str
    recipients: list[str]
    rhythm: Rhythm
    weekday: int
    month_day: int
    hour: int
    active: bool
    next_at: datetime
    last_sent_at: datetime | None
    problem: Problem
    version: int = Field(ge=1)

    @property
    def schedule(self) -> Schedule:
        """When it is mailed."""
        return Schedule(self.rhythm, self.hour, self.weekday, self.month_day)


def list_report_mails(connection: Connection, user_id: int | None) -> list[ReportMail]:
    """Those of a user, or of all, by name."""
    t = report_mails
    chosen = select(t).order_by(t.c.name, t.c.id)
    if user_id is not None:
        chosen = chosen.where(t.c.user_id == user_id)
    return [_read(row) for row in connection.execute(chosen)]


def find_report_mail(connection: Connection, mail_id: int) -> ReportMail:
    """The one of this id. Raises NotFound."""
    row = connection.execute(select(report_mails).where(report_mails.c.id == mail_id)).first()
    if row is None:
        raise NotFound("report mail", mail_id)
    return _read(row)


def add_report_mail(connection: Connection, user_id: int, fields: Mapping[str, Any]) -> ReportMail:
    """A new one of this user. Raises InvalidRequest for too many."""
    mine = select(func.count()).where(report_mails.c.user_id == user_id)
    if (connection.scalar(mine) or 0) >= MOST_OF_ONE_USER:
        raise InvalidRequest("name", f"you have {MOST_OF_ONE_USER} already; delete one first")
    made = connection.execute(
        insert(report_mails).values(**fields, user_id=user_id, problem="", version=1)
    ).inserted_primary_key
    assert made is not None
    return find_report_mail(connection, int(made[0]))


def change_report_mail(
    connection: Connection, mail_id: int, version: int, fields: Mapping[str, Any]
) -> ReportMail:
    """The same with these fields; what was wrong is forgotten. Raises NotFound, StaleVersion."""
    t = report_mails
    held = update(t).where(t.c.id == mail_id, t.c.version == version)
    values = {**fields, "problem": "", "taken_until": None, "version": version + 1}
    if connection.execute(held.values(**values)).rowcount == 0:
        current = find_report_mail(connection, mail_id).version
        raise StaleVersion("report mail", version, current)
    return find_report_mail(connection, mail_id)


def delete_report_mail(connection: Connection, mail_id: int) -> None:
    """Forget it. Raises NotFound."""
    t = report_mails
    if connection.execute(delete(t).where(t.c.id == mail_id)).rowcount == 0:
        raise NotFound("report mail", mail_id)


def is_any_due(connection: Connection, at: datetime) -> bool:
    """Whether there may be something to take."""
    return connection.execute(_due(at).limit(1)).first() is not None


def take_due(connection: Connection, at: datetime, most: int) -> Sequence[ReportMail]:
    """What is due, at most so many; nobody else gets these before LEASE is over.

    In one statement each: of two who take the same at once one gets nothing.
    """
    t = report_mails
    free = or_(t.c.taken_until.is_(None), t.c.taken_until <= at)
    found = connection.execute(_due(at).order_by(t.c.next_at, t.c.id).limit(most)).all()
    taken = []
    for row in found:
        mine = update(t).where(t.c.id == row.id, t.c.next_at == row.next_at, t.c.active, free)
        if connection.execute(mine.values(taken_until=at + LEASE)).rowcount:
            taken.append(_read(row))
    return taken


def note_sent(connection: Connection, one: ReportMail, at: datetime, next_at: datetime) -> None:
    """It was ordered: its turn is over, unless somebody has set it anew meanwhile."""
    t = report_mails
    note_sent_by_hand(connection, one, at)
    turn = update(t).where(t.c.id == one.id, t.c.next_at == one.next_at)
    connection.execute(turn.values(next_at=next_at, taken_until=None, problem=""))


def note_sent_by_hand(connection: Connection, one: ReportMail, at: datetime) -> None:
    """It was ordered out of turn."""
    t = report_mails
    connection.execute(update(t).where(t.c.id == one.id).values(last_sent_at=at))


def note_waiting(connection: Connection, one: ReportMail, until: datetime) -> None:
    """It could not be ordered now, and is tried again after this moment."""
    t = report_mails
    mine = update(t).where(t.c.id == one.id, t.c.version == one.version)
    connection.execute(mine.values(problem="waits", taken_until=until))


def switch_off(connection: Connection, one: ReportMail, problem: Problem) -> None:
    """Switch it off ourselves, unless somebody has changed it meanwhile."""
    t = report_mails
    mine = update(t).where(t.c.id == one.id, t.c.version == one.version)
    values = {"active": False, "problem": problem, "taken_until": None}
    connection.execute(mine.values(**values, version=one.version + 1))


def _due(at: datetime) -> Any:
    t = report_mails
    free = or_(t.c.taken_until.is_(None), t.c.taken_until <= at)
    return select(t).where(t.c.active, t.c.next_at <= at, free)


def _read(row: Row[Any]) -> ReportMail:
    kept = dict(row._mapping)
    kept.pop("taken_until")
    return ReportMail.model_validate(kept)
