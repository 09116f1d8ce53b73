"""A person is erased from the cases service, on both databases; all else stays as it was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from services.cases import tables
from services.cases.erasing import KEPT, REASON, erase, find_person, is_user
from services.contracts.cases import CaseEvent
from services.contracts.erasure import ERASED, Erasure
from services.contracts.messages import read_message
from services.messaging.erasing import rows_about

if TYPE_CHECKING:
    from conftest import Desk

ANN, CARL, EVE = "ann@blue.example", "carl@blue.example", "eve@ours.example"


def everything(desk: Desk) -> str:
    """Every row of every table, in one text."""
    with desk.database.read() as connection:
        rows = [
            (table.name, dict(row))
            for table in tables.metadata.tables.values()
            for row in connection.execute(table.select()).mappings()
        ]
    return json.dumps(rows, default=str, ensure_ascii=False)


def ann(desk: Desk) -> Erasure:
    with desk.database.read() as connection:
        return find_person(connection, "Ann@Blue.example", "erased-1@erased.invalid")


def furnish(desk: Desk) -> None:
    """Case 101 is Ann's; on Carl's case 102 she watches, and writes once."""
    contacts = [{"name": "Ann Blue", "address": ANN, "phone": "555 1234"}]
    desk.command("save_partner", fields={"name": "Ann Blue", "contacts": contacts})
    desk.mail(ANN, "My secret", name="Ann Blue", text="The password is swordfish.")
    desk.mail(CARL, "Carl's matter", name="Carl", text="Ask ann@blue.example.", cc=[ANN])
    number = desk.latest()
    desk.mail(ANN, "Re: matter", name="Ann Blue", text="Swordfish too.", case_number=number)


def test_nothing_names_her_and_what_she_wrote_is_gone(desk: Desk) -> None:
    furnish(desk)
    before = desk.case(101)
    erasure = ann(desk)
    assert (erasure.cases, erasure.names) == ({101}, ("Ann Blue",))
    desk.events()
    erase(desk.transactions, erasure)

    left = everything(desk).lower()
    for word in (ANN, "ann blue", "swordfish", "my secret", "555 1234"):
        assert word not in left, word
    after = desk.case(101)
    assert after.subject == ERASED
    assert after.contact is not None and after.contact.address == erasure.stand_in
    assert (after.state, after.created_at) == (before.state, before.created_at)
    assert [entry.text for entry in after.messages] == [ERASED]
    assert after.history[-1].reason == REASON
    assert after.version > before.version


def test_the_others_keep_what_is_theirs(desk: Desk) -> None:
    furnish(desk)
    erasure = ann(desk)
    erase(desk.transactions, erasure)
    case = desk.case(102)
    assert case.subject == "Carl's matter"
    assert case.contact is not None and case.contact.address == CARL
    assert case.messages[0].text == f"Ask {erasure.stand_in}."
    assert [watcher.address for watcher in case.watchers] == [erasure.stand_in]
    assert [one["number"] for one in desk.listed(q="swordfish")] == []
    assert [one["number"] for one in desk.listed(q="matter")] == [102]


def test_every_stored_event_can_still_be_read(desk: Desk) -> None:
    furnish(desk)
    erase(desk.transactions, ann(desk))
    with desk.database.read() as connection:
        rows = connection.execute(tables.outbox.select()).all()
    events = [read_message(row.type, row.body) for row in rows]
    created = [one for one in events if isinstance(one, CaseEvent) and one.version == 1]
    assert [one.data.case.number for one in created] == [101, 102]


def test_done_again_nothing_changes(desk: Desk) -> None:
    furnish(desk)
    erasure = ann(desk)
    erase(desk.transactions, erasure)
    version = desk.case(101).version
    assert sum(erase(desk.transactions, erasure).values()) == 0
    assert desk.case(101).version == version


def test_her_rows_are_found_and_those_of_others_are_not(desk: Desk) -> None:
    desk.mail(CARL, "Carl's own", name="Carl")
    furnish(desk)
    with desk.database.read() as connection:
        found = {kept.table.name: list(rows_about(connection, kept, ann(desk))) for kept in KEPT}
    assert {row["number"] for row in found["cases"]} == {102, 103}
    assert len(found["messages"]) == 3
    with desk.database.read() as connection:
        assert is_user(connection, EVE)
        assert not is_user(connection, ANN)
