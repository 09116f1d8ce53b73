"""What a fresh system still lacks until its first mail is a case, told from what is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from services.contracts.cases import CaseSnapshot
from services.contracts.directory import Section, User
from services.web.clients.accounts import IncomingAccount, OutgoingAccount
from services.web.tables import put_away

FIRST_STEPS = "first-steps"


@dataclass(frozen=True)
class FirstSteps:
    """Which are done, in their order; `section` is the one whose form is to be opened."""

    address: bool
    reply_address: bool
    people: bool
    outgoing: bool
    incoming: bool
    case: CaseSnapshot | None
    section: Section | None

    @property
    def done(self) -> dict[str, bool]:
        """Each step by its name."""
        names = ("address", "reply_address", "people", "outgoing", "incoming")
        return {**{name: bool(getattr(self, name)) for name in names}, "case": bool(self.case)}

    @property
    def next(self) -> str | None:
        """The first that is not done; None when all are."""
        return next((name for name, is_done in self.done.items() if not is_done), None)


def steps_of(
    me: User,
    *,
    users: Iterable[User],
    sections: Iterable[Section],
    incoming: Iterable[IncomingAccount],
    outgoing: Iterable[OutgoingAccount],
    cases: Iterable[CaseSnapshot],
) -> FirstSteps:
    """Where the system stands; a case that is there shows that a way in is, too."""
    case = next(iter(cases), None)
    active = [section for section in sections if section.active]
    return FirstSteps(
        address=bool(me.address),
        reply_address=any(section.reply_address for section in active),
        people=any(user.active and user.id != me.id for user in users),
        incoming=case is not None or any(account.approved for account in incoming),
        outgoing=any(account.approved for account in outgoing),
        case=case,
        section=next(iter(active), None),
    )


def is_put_away(connection: Connection, user_id: int, what: str = FIRST_STEPS) -> bool:
    """Whether he does not want to see it any more."""
    row = select(put_away.c.user_id).where(put_away.c.user_id == user_id, put_away.c.what == what)
    return connection.execute(row).first() is not None


def put_it_away(connection: Connection, user_id: int, what: str = FIRST_STEPS) -> None:
    """Show it to him no more; once more does no harm."""
    try:
        with connection.begin_nested():
            connection.execute(insert(put_away).values(user_id=user_id, what=what))
    except IntegrityError:
        return
