"""A machine that drives the cases service, looks at everything it left and compares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from integration.cases import case_strategies as given
from integration.cases.case_replay import check_case
from integration.cases.conftest import Desk
from sqlalchemy import func, select

from services.cases import tables
from services.contracts.case_commands import INVERSE
from services.contracts.cases import CLOSED, CaseEvent
from services.contracts.envelope import Envelope
from services.contracts.errors import CROSSING
from services.contracts.mail import MailSend
from services.runtime.database import Database
from services.runtime.identity import new_id

KEYS = ("case_number", "other", "relation")


def some_case(machine: CasesMachine) -> bool:
    """A precondition: there is a case."""
    return bool(machine.events)


class CasesMachine(RuleBasedStateMachine):
    """A small company; behind each step every case is what its history says, and no more."""

    new_database: ClassVar[Callable[[], Database]]

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk(type(self).new_database())
        self.events: dict[int, list[CaseEvent]] = defaultdict(list)
        self.sent: list[tuple[str, str]] = []  # a Message-ID of ours, and whom it went to
        self.incoming: list[str] = []
        self.unchecked: set[int] = set()
        self.last: Callable[[], Any] | None = None

    @initialize()
    def company(self) -> None:
        save = self.desk.command
        away = {"absent_from": "2020-01-01", "stand_in_id": self.desk.eve}
        save("save_user", fields={"login": "abe", "name": "Abe Away", **away})
        above = save("save_section", fields={"name": "Level 2", "member_ids": [2, 4]})
        save("save_section", fields={"name": "Experts", "reopen": "linked"})
        support = {"escalation_id": above["id"], "member_ids": [2, 3, 4]}
        save("save_section", id=1, version=2, fields=support)
        save("save_category", name="Fault")
        save("save_category", name="Print", parent_id=1)
        contract = save("save_partner_category", name="Support Contract")
        save("save_partner_category", name="Gold", parent_id=contract["id"])
        save("save_kind", code="claim", name="Claim", fields=given.FIELDS_OF_CLAIM)
        for name, one in (("Blue", given.ANN), ("Red", given.TOM)):
            save("save_partner", fields={"name": name, "contacts": [{"address": one}]})
        self._listen()

    @invariant()
    def history_is_the_case(self) -> None:
        self._listen()
        changed, self.unchecked = self.unchecked, set()
        for number in changed:
            check_case(self.desk.database, number, self.events[number])
        assert self._count(tables.history) == sum(len(one) for one in self.events.values())
        assert self._count(tables.cases) == len(self.events)
        self._check_links()
        for number in changed:
            self._check_discussion(number)
            self._check_merged(number)

    def _check_links(self) -> None:
        """Each link stands there twice, and each case's history tells of the same."""
        t = tables.case_links
        with self.desk.database.read() as connection:
            rows = set(map(tuple, connection.execute(select(t.c[KEYS]))))
        assert rows == {(other, number, INVERSE[relation]) for number, other, relation in rows}
        told: set[tuple[int, int, str]] = set()
        for number, events in self.events.items():
            changes = [one for event in events for one in event.data.changes]
            words = next((one.after for one in reversed(changes) if one.field == "links"), [])
            split = [(*one.split(),) for one in words]
            told |= {(number, int(other), relation) for relation, other in split}
        assert told == rows

    def _check_discussion(self, number: int) -> None:
        """Entries are counted from 1 without a gap; an event told of each that was not copied."""
        t, case = tables.messages, tables.cases
        with self.desk.database.read() as connection:
            entries = connection.execute(
                select(t.c.number, t.c.from_case).where(t.c.case_number == number)
            ).all()
            count = connection.scalar(select(case.c.messages).where(case.c.number == number))
        assert sorted(one.number for one in entries) == list(range(1, (count or 0) + 1))
        messages = [event.data.message for event in self.events[number]]
        told = [one.message_number for one in messages if one is not None]
        assert len(set(told)) == len(told)
        own = {one.number for one in entries if one.from_case is None}
        assert own <= set(told) <= {one.number for one in entries}

    def _check_merged(self, number: int) -> None:
        """Once merged a case is closed, and nothing but a note comes to it any more."""
        cases = [event.data.case for event in self.events[number]]
        merged = [case for case in cases if case.merged_into is not None]
        for case in merged:
            assert case.state in CLOSED
            assert case.merged_into == merged[0].merged_into
            assert case.merged_into in self.events

    def teardown(self) -> None:
        for number, events in self.events.items():
            check_case(self.desk.database, number, events)
        self.desk.database.close()

    # How it is done

    def _command(self, command: str, **given: Any) -> None:
        """Carry it out; when it is refused nothing has changed."""
        key = new_id()

        def do() -> Any:
            return self.desk.command(command, idempotency_key=key, **given)

        before = self._everything()
        try:
            answer = do()
        except CROSSING:
            assert self._everything() == before, f"{command} was refused and changed something"
            return

        def again() -> None:
            assert do() == answer

        self.last = again

    def _refused(self, error: type[Exception], command: str, **given: Any) -> None:
        before = self._everything()
        with pytest.raises(error):
            self.desk.command(command, **given)
        assert self._everything() == before

    def _take(self, message: Envelope) -> None:
        self.desk.take(message)
        self.last = lambda: self.desk.take(message)

    def _listen(self) -> None:
        """Take down what was published."""
        for event in self.desk.events():
            if isinstance(event, CaseEvent):
                self.events[event.case_id].append(event)
                self.unchecked.add(event.case_id)
            elif isinstance(event, MailSend):
                to = (*event.data.to, *event.data.cc)
                self.sent += [(event.data.message_id, one.address.lower()) for one in to]

    def _number(self, at: int) -> int:
        numbers = sorted(self.events)
        return numbers[at % len(numbers)]

    def _held(self, at: int) -> dict[str, Any]:
        number = self._number(at)
        return {"number": number, "version": len(self.events[number])}

    def _version_of(self, table: Any, id: int) -> int:
        with self.desk.database.read() as connection:
            return int(connection.scalar(select(table.c.version).where(table.c.id == id)) or 0)

    def _everything(self) -> dict[str, list[Any]]:
        """Every row of every table."""
        with self.desk.database.read() as connection:
            return {
                table.name: sorted(map(repr, connection.execute(select(table))))
                for table in tables.metadata.sorted_tables
            }

    def _count(self, table: Any) -> int:
        with self.desk.database.read() as connection:
            return int(connection.scalar(select(func.count()).select_from(table)) or 0)
