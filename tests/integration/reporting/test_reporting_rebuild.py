"""A rebuild ends in the facts that living through all events would have made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from integration.reporting.case_stream import (
    a_case,
    directory_events,
    disordered,
    event_of,
    final_cases,
    streams,
)
from sqlalchemy import delete, select, update

from services.contracts.cases import CaseEvent
from services.contracts.envelope import Envelope
from services.contracts.errors import ServiceAway
from services.messaging.transaction import Transactions
from services.reporting import store
from services.reporting.actions.rebuild_facts import rebuild_facts
from services.reporting.actions.renew_facts import renew_facts
from services.reporting.actions.take_in import take_in
from services.reporting.errors import RebuildUnderWay
from services.reporting.tables import CUBES, DELAYS, LIVE, REBUILT, facts, inbox, rebuild

ReadEvents = Callable[[int, int], dict[str, Any]]
SMALL_PAGE = 7


def log_of(events: Sequence[Envelope]) -> ReadEvents:
    """`read_events` of a cases service whose outbox holds these, with mail orders between."""
    rows = [
        {"position": 2 * at + 1, "type": event.type, "body": event.model_dump_json()}
        for at, event in enumerate(events)
    ]
    rows += [{"position": row["position"] + 1, "type": "mail.send", "body": "{}"} for row in rows]
    rows.sort(key=lambda row: row["position"])

    def read_events(after: int, limit: int) -> dict[str, Any]:
        items = [row for row in rows if row["position"] > after][: min(limit, SMALL_PAGE)]
        last = items[-1]["position"] if items else after
        return {"items": items, "last": last, "end": 2 * len(events)}

    return read_events


def content(transactions: Transactions) -> list[list[tuple[Any, ...]]]:
    with transactions.database.read() as connection:
        return [
            sorted((tuple(row) for row in connection.execute(table.select())), key=str)
            for table in (LIVE.facts, LIVE.names)
        ]


def collects(transactions: Transactions) -> bool:
    with transactions.begin() as transaction:
        return store.rebuild_is_under_way(transaction.connection)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), events=streams())
def test_R1_a_rebuild_is_the_same_as_living_through_it(
    transactions: Transactions, data: st.DataObject, events: list[CaseEvent]
) -> None:
    with transactions.begin() as transaction:
        for table in (LIVE.facts, LIVE.names, inbox):
            transaction.connection.execute(delete(table))
    story = data.draw(st.permutations([*events, *directory_events()]))
    for batch in data.draw(disordered(story)):
        assert take_in(transactions, batch) == []
    before = content(transactions)
    rebuilt = rebuild_facts(transactions, log_of(story))
    assert rebuilt.differences == () and rebuilt.left_out == ()
    assert (rebuilt.events, rebuilt.facts) == (len(story), len(final_cases(events)))
    assert content(transactions) == before


def test_R1_what_comes_in_during_a_rebuild_is_in_its_facts(transactions: Transactions) -> None:
    old = [event_of(a_case(number)) for number in range(101, 121)]
    take_in(transactions, old)
    new = [event_of(a_case(101, version=2, state="done")), event_of(a_case(200))]
    read, came = log_of(old), iter([new])

    def read_events(after: int, limit: int) -> dict[str, Any]:
        for events in came:  # once, with the first page
            assert take_in(transactions, events) == []
        return read(after, limit)

    rebuilt = rebuild_facts(transactions, read_events)
    assert (rebuilt.facts, rebuilt.differences) == (21, ())
    states = {row[0]: row[2] for row in content(transactions)[0]}
    assert (states[101], states[200]) == ("done", "open")
    assert not collects(transactions)
    with transactions.database.read() as connection:
        assert connection.execute(REBUILT.facts.select()).all() == []


def test_R1_wrong_facts_are_named_and_put_right(transactions: Transactions) -> None:
    story = [event_of(a_case(number)) for number in (101, 102)]
    take_in(transactions, [*story, event_of(a_case(666))])
    right = [row for row in content(transactions)[0] if row[0] != 666]
    with transactions.begin() as transaction:
        c = transaction.connection
        c.execute(update(facts).where(facts.c.number == 101).values(state="done", probability=7))
        c.execute(delete(facts).where(facts.c.number == 102))
    told: list[tuple[int, float]] = []
    rebuilt = rebuild_facts(transactions, log_of(story), lambda *read: told.append(read))
    assert [str(difference) for difference in rebuilt.differences] == [
        "[101] state: done → open",
        "[101] probability: 7 → None",
        "[102] was missing",
        "[666] is in no event",
    ]
    assert content(transactions)[0] == right
    assert told == [(2, 1.0)]


def test_R1_wrong_sums_are_counted_and_put_right(transactions: Transactions) -> None:
    story = [event_of(a_case(number)) for number in (101, 102)]
    take_in(transactions, story)
    assert rebuild_facts(transactions, log_of(story)).sums_put_right == 0
    table = CUBES[0].table
    with transactions.begin() as transaction:
        transaction.connection.execute(update(table).values(count=7))
        transaction.connection.execute(delete(DELAYS.table))
    assert rebuild_facts(transactions, log_of(story)).sums_put_right == 1
    with transactions.database.read() as connection:
        assert connection.scalars(select(table.c.count)).all() == [2]


def test_R1_what_an_older_release_kept_is_made_anew_by_the_service_itself(
    transactions: Transactions,
) -> None:
    def away(after: int, limit: int) -> dict[str, Any]:
        raise ServiceAway("cases", 1)

    story = [event_of(a_case(number)) for number in (101, 102)]
    renew_facts(transactions, away)  # nothing is wanted, nobody is asked
    with transactions.begin() as transaction:
        transaction.connection.execute(update(rebuild).values(wanted=True))
    renew_facts(transactions, away)
    assert content(transactions)[0] == []
    renew_facts(transactions, log_of(story))
    assert [row[0] for row in content(transactions)[0]] == [101, 102]
    renew_facts(transactions, away)


def test_R1_a_rebuild_that_fails_leaves_the_facts_alone(transactions: Transactions) -> None:
    take_in(transactions, [event_of(a_case(101)), *directory_events()])
    before = content(transactions)
    read = log_of([event_of(a_case(number)) for number in range(101, 140)])

    def read_events(after: int, limit: int) -> dict[str, Any]:
        if after > SMALL_PAGE:
            raise ConnectionError("gone")
        return read(after, limit)

    with pytest.raises(ConnectionError):
        rebuild_facts(transactions, read_events)
    assert content(transactions) == before
    assert not collects(transactions)


def test_R1_a_rebuild_after_a_killed_one_begins_anew(transactions: Transactions) -> None:
    with transactions.begin() as transaction:
        store.begin_rebuild(transaction.connection)
    assert collects(transactions)
    take_in(transactions, [event_of(a_case(666))])
    rebuilt = rebuild_facts(transactions, log_of([event_of(a_case(101))]))
    assert rebuilt.facts == 1
    assert [row[0] for row in content(transactions)[0]] == [101]


def test_R1_two_rebuilds_at_once_are_refused(transactions: Transactions) -> None:
    def read_events(after: int, limit: int) -> dict[str, Any]:
        with pytest.raises(RebuildUnderWay):
            rebuild_facts(transactions, log_of([]))
        return {"items": [], "last": after}

    assert rebuild_facts(transactions, read_events).facts == 0


def test_R1_an_event_that_cannot_be_taken_is_left_out_alone_and_named(
    transactions: Transactions,
) -> None:
    bad = event_of(a_case(102, estimated_revenue=Decimal("1e30")))
    read = log_of([event_of(a_case(101)), bad, event_of(a_case(103))])

    def read_events(after: int, limit: int) -> dict[str, Any]:
        answer = read(after, limit)
        if after == 0:
            answer["items"].append({"position": 0, "type": "case.created", "body": "{}"})
        return answer

    rebuilt = rebuild_facts(transactions, read_events)
    assert rebuilt.facts == 2
    assert len(rebuilt.left_out) == 2
    assert any(bad.id in why and "smaller amount" in why for why in rebuilt.left_out)
