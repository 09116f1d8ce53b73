"""Random commands and messages on a real database: the history always replays to the case (K2)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders.mails import received_mail
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from integration.cases import case_strategies as given
from integration.cases.cases_machine import some_case
from integration.cases.directory_machine import DirectoryMachine
from support.machines import NewDatabase, postgresql_databases, sqlite_databases, walk
from support.postgresql import PostgresqlServer

from services.cases import tables
from services.contracts.case_commands import INVERSE
from services.contracts.envelope import Actor, Envelope
from services.contracts.errors import InvalidRequest, NotFound, StaleVersion
from services.contracts.mail import MailBounced, MailOutcome, MailSent
from services.contracts.rules import RuleStopped, RuleStoppedData
from services.runtime.clock import now
from services.runtime.identity import new_id

pick = st.integers(0, 30)
pytestmark = pytest.mark.timeout(480)  # hypothesis shrinks what it found for up to five minutes


class Company(DirectoryMachine):
    """What may happen."""

    @rule(fields=given.fields, state=given.state)
    def create(self, fields: dict[str, Any], state: str) -> None:
        self._command("create_case", fields={"subject": "Printer", **fields}, state=state)

    @precondition(some_case)
    @rule(at=pick, fields=given.fields, state=st.none() | given.state)
    def change(self, at: int, fields: dict[str, Any], state: str | None) -> None:
        self._command("change_case", **self._held(at), fields=fields, state=state)

    @precondition(some_case)
    @rule(at=pick, states=st.lists(given.state, min_size=1, max_size=5))
    def move(self, at: int, states: list[str]) -> None:
        number = self._number(at)
        for state in states:
            self._listen()
            held = {"number": number, "version": len(self.events[number])}
            self._command("move_case", **held, state=state)

    @precondition(some_case)
    @rule(at=pick)
    def escalate(self, at: int) -> None:
        self._command("escalate_case", **self._held(at))

    @precondition(some_case)
    @rule(
        at=pick,
        by=st.sampled_from([1, 2, 3]),
        kind=st.sampled_from(["reply", "note"]),
        minutes=st.none() | st.integers(0, 90),
    )
    def write(self, at: int, by: int, kind: str, minutes: int | None) -> None:
        said = {"text": "We look into it.", "minutes_spent": minutes}
        self._command("add_message", actor_id=by, number=self._number(at), kind=kind, **said)

    @precondition(some_case)
    @rule(at=pick, other=pick, relation=st.sampled_from(sorted(INVERSE)))
    def link(self, at: int, other: int, relation: str) -> None:
        both = {"number": self._number(at), "other": self._number(other)}
        self._command("link_cases", **both, relation=relation)

    @precondition(some_case)
    @rule(at=pick, other=pick)
    def unlink(self, at: int, other: int) -> None:
        self._command("unlink_cases", number=self._number(at), other=self._number(other))

    @precondition(some_case)
    @rule(at=pick, into=pick, held=st.booleans())
    def merge(self, at: int, into: int, held: bool) -> None:
        stays = self._held(into)
        version = {"into_version": stays["version"]} if held else {}
        self._command("merge_case", **self._held(at), into=stays["number"], **version)

    @precondition(some_case)
    @rule(at=pick, entry=st.integers(1, 4), subject=st.none() | st.just("Something else"))
    def split(self, at: int, entry: int, subject: str | None) -> None:
        self._command("split_case", **self._held(at), message_number=entry, subject=subject)

    @precondition(some_case)
    @rule(
        ats=st.lists(pick, min_size=1, max_size=3),
        fields=given.fields,
        state=st.none() | given.state,
        add=given.tags,
        remove=given.tags,
    )
    def change_several(self, ats: list[int], add: Any, remove: Any, **values: Any) -> None:
        numbers = [self._number(at) for at in ats] + [9_999]
        tags = {"add_tags": add, "remove_tags": remove}
        self._command("change_cases", numbers=numbers, **values, **tags)

    @precondition(some_case)
    @rule(at=pick, fields=given.quality, there=st.none() | st.integers(1, 3), off=st.booleans())
    def plan_quality(self, at: int, fields: Any, there: int | None, off: bool) -> None:
        which = {}
        if there is not None:
            version = self._version_of(tables.quality_actions, there)
            which = {"id": there, "version": version + off}
        number = self._number(at)
        self._command("save_quality_action", number=number, fields=fields, **which)

    @precondition(some_case)
    @rule(at=pick, off=st.sampled_from([-1, 1]), what=st.sampled_from(["move", "change", "up"]))
    def hold_another_version(self, at: int, off: int, what: str) -> None:
        held = self._held(at)
        held["version"] += off
        command, more = {
            "move": ("move_case", {"state": "open"}),
            "change": ("change_case", {"fields": {"priority": "high"}}),
            "up": ("escalate_case", {}),
        }[what]
        merged = self.events[held["number"]][-1].data.case.merged_into is not None
        self._refused(InvalidRequest if merged else StaleVersion, command, **held, **more)

    @rule(command=st.sampled_from(["move_case", "change_case", "escalate_case", "add_message"]))
    def name_no_case(self, command: str) -> None:
        given = {"version": 1, "state": "open", "fields": {}, "text": "Hello?"}
        self._refused(NotFound, command, number=9_999, **given)

    # What the bus brings

    @rule(by=given.address, state=st.data(), automatic=st.booleans())
    def mail(self, by: str, state: st.DataObject, automatic: bool) -> None:
        how = state.draw(st.sampled_from(["new", "number", "answer", "thread", "both"]))
        at = state.draw(pick)
        more: dict[str, Any] = {"automatic": automatic}
        if how in ("number", "both") and self.events:
            more["case_number"] = self._number(at)
        ours = [id for id, to in self.sent if to == by]
        if how in ("answer", "both") and ours:
            more["in_reply_to"] = (ours[at % len(ours)],)
        if how == "thread" and self.incoming:
            more["references"] = (self.incoming[at % len(self.incoming)],)
        cc = state.draw(st.lists(given.address, max_size=2))
        message = received_mail(by, cc=cc, **more)
        self.incoming.append(message.data.message_id)
        self._take(message)

    @rule(by=st.sampled_from([given.EVE, given.BOB]), supplier=given.address)
    def complaint(self, by: str, supplier: str) -> None:
        self._take(received_mail(by, to=[supplier], cc=["support@ours.example"]))

    @precondition(some_case)
    @rule(at=pick, actions=given.actions)
    def fire(self, at: int, actions: list[Any]) -> None:
        number = self._number(at)
        message = self.desk.rule(number, *actions)
        self.last = lambda: self.desk.take(message)

    @precondition(some_case)
    @rule(at=pick, kind=st.sampled_from([MailSent, MailBounced]), entry=st.none() | st.just(1))
    def outcome(self, at: int, kind: type[Envelope], entry: int | None) -> None:
        data = MailOutcome(
            command_id="c", message_id="<m@x>", recipients=(given.ANN,), message_number=entry
        )
        number = self._number(at)
        self._take(kind(id=new_id(), type=kind.TYPE, occurred_at=now(), case_id=number, data=data))

    @precondition(some_case)
    @rule(at=pick)
    def stop(self, at: int) -> None:
        data = RuleStoppedData(rule_id=7, rule_name="Ping", depth=8, chain=("Ping", "Pong") * 4)
        actor = Actor(kind="rule", id=7, name="Ping")
        self._take(
            RuleStopped(
                id=new_id(), occurred_at=now(), case_id=self._number(at), actor=actor, data=data
            )
        )

    @precondition(lambda self: self.last is not None)
    @rule()
    def repeat(self) -> None:
        """What was done last is done once more, as the bus and browsers do: nothing happens."""
        before = self._everything()
        assert self.last is not None
        self.last()
        assert self._everything() == before


def test_K2_whatever_happens_the_history_replays_to_the_case_on_sqlite(tmp_path: Path) -> None:
    walk(Company, sqlite_databases(tmp_path, "cases"), examples=25, steps=40)


@pytest.fixture
def schemas(postgresql: PostgresqlServer) -> Iterator[NewDatabase]:
    """Databases of PostgreSQL, each empty."""
    with postgresql_databases(postgresql) as new_database:
        yield new_database


def test_K2_whatever_happens_the_history_replays_to_the_case_on_postgresql(
    schemas: NewDatabase,
) -> None:
    walk(Company, schemas, examples=4, steps=40)
