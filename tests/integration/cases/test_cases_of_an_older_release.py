"""Cases that were there before lists and search knew what they know now are found by it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sqlalchemy import select, text

from services.cases import case_lists
from services.cases.migrations import in_batches
from services.cases.tables import case_partner_categories
from services.contracts.case_commands import CaseQuestion
from services.contracts.cases import CaseSnapshot, Contact, Ref
from services.runtime.database import Database
from services.runtime.migration import migrate_database

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
CATEGORIES: dict[int, tuple[int, ...]] = {101: (), 102: (5,), 103: (5, 7, 5)}


def snapshot(number: int) -> CaseSnapshot:
    return CaseSnapshot(
        number=number,
        version=1,
        subject=f"Printer {number}",
        state="open",
        kind="helpdesk",
        category=Ref(id=1, name="Hardware"),
        partner_categories=CATEGORIES[number],
        contact=Contact(name="Ann", address="ann@blue.example"),
        priority="high" if number == 101 else "low",
        deadline=NOON if number == 102 else None,
        created_at=NOON,
        last_action_at=NOON,
        state_since=NOON,
    )


def fill_old(database: Database) -> None:
    """Three cases with a message each, as the first release kept them."""
    with database.write() as connection:
        for number in (101, 102, 103):
            case = json.dumps(snapshot(number).model_dump(mode="json"))
            row = {"number": number, "snapshot": case, "moment": "2026-11-25 12:00:00+00:00"}
            connection.execute(
                text(
                    "INSERT INTO cases (number, version, state, kind, priority, searched,"
                    " description, snapshot, messages) VALUES (:number, 1, 'open', 'helpdesk',"
                    " 'low', '', 'It burns', :snapshot, 1)"
                ),
                row,
            )
            connection.execute(
                text(
                    "INSERT INTO messages (case_number, number, kind, direction, author, at,"
                    " subject, text, quoted, attachments, automatic, verified, message_id, remark)"
                    " VALUES (:number, 1, 'mail', 'in', 'Ann', :moment, 'Hello', 'Crème brûlée',"
                    " '', '[]', false, true, '', '')"
                ),
                row,
            )


def test_K1_older_cases_are_listed_and_found(database: Database) -> None:
    migrate_database(database, "cases", "0001")
    fill_old(database)
    in_batches.BATCH, batch = 2, in_batches.BATCH
    try:
        migrate_database(database, "cases")
    finally:
        in_batches.BATCH = batch

    def found(**question: object) -> list[int]:
        with database.read() as connection:
            page = case_lists.list_cases(connection, CaseQuestion.model_validate(question))
        return [one["number"] for one in page["items"]]

    assert found(q="brulee printer burns ann@blue.example") == [103, 102, 101]
    assert found(sort="priority") == [101, 103, 102]
    assert found(sort="deadline") == [102, 103, 101]
    assert found(sort="last_action", category_id=1) == [103, 102, 101]
    with database.read() as connection:
        own = connection.scalars(text("SELECT DISTINCT contact_address FROM cases")).all()
    assert own == ["ann@blue.example"]
    assert found(created_from=NOON) == [103, 102, 101]
    assert found(created_before=NOON) == []
    assert found(partner_category_id=(5,)) == [103, 102]
    assert found(partner_category_id=(7,)) == [103]
    assert found(no_partner_category=True) == [101]


def test_R4_an_older_case_that_was_merged_is_found_by_no_category(database: Database) -> None:
    migrate_database(database, "cases", "0001")
    fill_old(database)
    migrate_database(database, "cases", "0009")
    with database.write() as connection:
        connection.execute(text("UPDATE cases SET merged_into = 102 WHERE number = 103"))
    migrate_database(database, "cases")
    with database.read() as connection:
        rows = connection.execute(select(case_partner_categories)).all()
    assert [tuple(row) for row in rows] == [(5, 102)]
