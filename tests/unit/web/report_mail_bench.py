"""A gateway whose users have mail addresses, and reports that they have mailed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update
from unit.web.report_answers import PIVOT
from unit.web.web_bench import USERS, bench

from services.contracts.errors import NotFound
from services.contracts.mail import Attachment, MailSend
from services.runtime.clock import now
from services.web.report_mails import managing, store
from services.web.report_mails.sending import order_due_reports
from services.web.report_mails.store import ReportMail
from services.web.tables import report_mails
from services.web.wiring import EXTENSION, Wiring

PNG = b"\x89PNG\r\n\x1a\n and what is drawn"
DRAWER = "services.web.report_mails.making.picture_of"
ADMIN, ANNA, TOM, RITA, NORA = 1, 2, 3, 4, 5
QUESTION = "by=user&column=state&figure=count&shape=stacked&view=graph"
NEW: dict[str, Any] = {
    **{"name": "Team", "question": QUESTION, "recipients": [], "active": True},
    **{"rhythm": "daily", "weekday": 0, "month_day": 1, "hour": 8},
}


class Desk:
    """Users by id may be changed in `users`; what was ordered is in `orders`."""

    def __init__(self, folder: Path) -> None:
        self.app, self.answers = bench(folder)
        self.users = {
            id: {**user, "address": f"{user['login']}@ours.example"} for id, user in USERS.items()
        }
        self.orders: list[MailSend] = []
        self.answers.by_method |= {
            "get_user": self._user,
            "list_users": lambda: list(self.users.values()),
            "report": PIVOT,
            "order_mail": self._take,
        }

    @property
    def wiring(self) -> Wiring:
        found = self.app.extensions[EXTENSION]
        assert isinstance(found, Wiring)
        return found

    def add(self, user_id: int = ANNA, **fields: Any) -> ReportMail:
        """One of this user, whose turn is over a day ahead at most."""
        user = self.wiring.directory.user(user_id)
        return managing.add(self.wiring, user, {**NEW, **fields})

    def look(self, one: ReportMail) -> ReportMail:
        with self.wiring.database.read() as connection:
            return store.find_report_mail(connection, one.id)

    def let_come(self, one: ReportMail, at: datetime | None = None) -> datetime:
        """Its turn has come."""
        past = at or now() - timedelta(minutes=1)
        with self.wiring.database.write() as connection:
            chosen = update(report_mails).where(report_mails.c.id == one.id)
            connection.execute(chosen.values(next_at=past, taken_until=None))
        return past.astimezone(UTC)

    def send(self) -> int:
        self.wiring.directory.forget()
        return order_due_reports(self.app)

    def change_user(self, user_id: int, **fields: Any) -> None:
        self.users[user_id] |= fields
        self.wiring.directory.forget()

    def file(self, content_type: str, mail: MailSend | None = None) -> bytes:
        """The bytes of the attachment of this type, of the last mail."""
        (found,) = [one for one in self.files(mail) if one.content_type == content_type]
        return self.wiring.files.get(found.sha256)

    def files(self, mail: MailSend | None = None) -> tuple[Attachment, ...]:
        return (mail or self.orders[-1]).data.attachments

    def _user(self, id: int) -> dict[str, Any]:
        if id not in self.users:
            raise NotFound("user", id)
        return self.users[id]

    def _take(self, order: dict[str, Any]) -> None:
        self.orders.append(MailSend.model_validate(order))
