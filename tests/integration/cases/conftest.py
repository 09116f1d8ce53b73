"""A desk: the cases service's actions on a real database, with a small company in it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from builders.mails import SUPPORT, received_mail

from services.cases import case_lists, directory, queries, tables
from services.cases.actions.handle import handle
from services.cases.directory_history import changes_of
from services.cases.doors import carry_out
from services.contracts.case_commands import CaseQuestion, CaseView
from services.contracts.directory import DirectoryChange, Partner, Section, User
from services.contracts.envelope import Actor, Envelope, Link
from services.contracts.mail import MailSend
from services.contracts.messages import read_message
from services.contracts.rules import RuleFired, RuleFiredData
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.identity import new_id
from services.runtime.migration import migrate_database

ANN = "ann@blue.example"
EVE = "eve@ours.example"
BOB = "bob@ours.example"


class Desk:
    """Drives the service as its doors do; `mails` are those ordered since they were last asked."""

    def __init__(self, database: Database) -> None:
        migrate_database(database, "cases")
        self.database = database
        self.transactions = Transactions(database, tables.outbox, tables.inbox)
        self._keys = itertools.count()
        self._seen = 0
        self.eve = self.command("save_user", fields=_user("eve", "Eve Expert", EVE))["id"]
        self.bob = self.command("save_user", fields=_user("bob", "Bob Builder", BOB))["id"]
        section = {"reply_address": SUPPORT, "close_on_reply": True, "manager_id": self.bob}
        self.section = self.command("save_section", id=1, version=1, fields=section)
        self.events()

    def command(self, name: str, /, **given: Any) -> dict[str, Any]:
        """The answer of a command by the administrator, with a fresh idempotency key."""
        command = {"idempotency_key": f"key {next(self._keys)}", "actor_id": 1, **given}
        return carry_out(self.transactions, name, command)

    def take(self, message: Envelope) -> None:
        """Let a message take effect; raises what its handler raises."""
        failures = self.transactions.take_effect([message], handle)
        if failures:
            raise failures[0].error

    def mail(self, sender: str, subject: str = "Printer is on fire", **more: Any) -> Envelope:
        """A mail comes in."""
        message = received_mail(sender, subject, **more)
        self.take(message)
        return message

    def new_case(self, responsible: int | None = None, **more: Any) -> CaseView:
        """A case by a mail from Ann, open and assigned where asked; its mails are forgotten."""
        self.mail(ANN, name="Ann", **more)
        number = self.latest()
        if responsible is not None:
            case = self.case(number)
            fields = {"responsible_id": responsible}
            self.command("change_case", number=number, version=case.version, fields=fields)
        return self.case(number)

    def rule(self, number: int, *actions: Any, name: str = "A rule") -> RuleFired:
        """A rule fires for the case."""
        cause = (Link(kind="rule", id="7", name=name),)
        data = RuleFiredData(
            rule_id=7,
            rule_name=name,
            firing_id=new_id(),
            why=("the case is new",),
            actions=actions,
        )
        message = RuleFired(
            id=new_id(),
            occurred_at=now(),
            case_id=number,
            actor=Actor(kind="rule", id=7, name=name),
            cause=cause,
            data=data,
        )
        self.take(message)
        return message

    def case(self, number: int) -> CaseView:
        """The case as a caller sees it."""
        with self.database.read() as connection:
            return queries.view(connection, number)

    def latest(self) -> int:
        """The number of the newest case."""
        return int(self.listed()[0]["number"])

    def listed(self, **question: Any) -> list[dict[str, Any]]:
        """The cases that a question finds."""
        return list(self.page(**question)["items"])

    def page(self, **question: Any) -> dict[str, Any]:
        """A page of cases, with its `next`."""
        with self.database.read() as connection:
            return case_lists.list_cases(connection, CaseQuestion(**question))

    def directory(self, what: str, id: int) -> dict[str, Any]:
        """The "user", "section" or "partner" with this id, as a caller sees it."""
        model = {"user": User, "section": Section, "partner": Partner}[what]
        with self.database.read() as connection:
            return directory.get(connection, model, id).model_dump(mode="json")

    def directory_history(self, what: str, key: Any) -> list[DirectoryChange]:
        """How something of the directory became what it is, the newest change first."""
        with self.database.read() as connection:
            return changes_of(connection, what, str(key))

    def events(self) -> list[Envelope]:
        """What was published since the last call, in order."""
        with self.database.read() as connection:
            rows = self.transactions.outbox.log(connection, self._seen, 10_000)
        if rows:
            self._seen = rows[-1].position
        return [read_message(row.type, row.body) for row in rows]

    def mails(self) -> list[MailSend]:
        """The mails ordered since the last call."""
        return [event for event in self.events() if isinstance(event, MailSend)]


def _user(login: str, name: str, address: str) -> dict[str, Any]:
    return {"login": login, "name": name, "address": address}


@pytest.fixture
def desk(database: Database) -> Desk:
    """A desk with a section, Eve and Bob, on SQLite and on PostgreSQL."""
    return Desk(database)
