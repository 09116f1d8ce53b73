"""O1: what Prometheus is shown of the facts, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from integration.reporting.case_stream import (
    a_case,
    directory_events,
    event_of,
    final_cases,
    streams,
)
from prometheus_client import CollectorRegistry
from sqlalchemy import delete

from services.contracts.cases import CaseEvent, CaseSnapshot, Ref
from services.messaging.transaction import Transactions
from services.reporting.actions.take_in import take_in
from services.reporting.metrics import DELAYS, CaseMetrics
from services.reporting.observing import Observer
from services.reporting.tables import facts, names

NOON = datetime(2026, 7, 14, 12, tzinfo=UTC)
OPEN, AGE = "casewire_open_cases", "casewire_oldest_open_case_age_seconds"
DELAY = "casewire_case_delay_seconds"


class Seen:
    """An observer of these facts, and what a scrape reads of it."""

    def __init__(self, transactions: Transactions, step: int = 1_000) -> None:
        self.transactions = transactions
        self.seconds = 0.0
        self.now = NOON + timedelta(hours=2)
        self.registry = CollectorRegistry()
        self.shown = CaseMetrics(lambda: self.now)
        self.registry.register(self.shown)
        self.observer = Observer(self.shown, step, lambda: self.seconds)

    def look(self) -> None:
        self.seconds += 1_000
        with self.transactions.database.read() as connection:
            self.observer.observe(connection)

    def value(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(name, labels)

    def at_most(self) -> list[float | None]:
        edges = [*(f"{edge:.1f}" for edge in DELAYS), "+Inf"]
        return [self.value(f"{DELAY}_bucket", le=edge) for edge in edges]

    def of(self, name: str) -> dict[tuple[str, ...], float]:
        """The samples of a metric that are not 0, by their labels."""
        found: Iterator[Any] = (one for all in self.registry.collect() for one in all.samples)
        return {
            tuple(one.labels.values()): one.value for one in found if one.name == name and one.value
        }


def closed(number: int, delay: timedelta, **fields: Any) -> CaseSnapshot:
    return a_case(number, state="done", closed_at=NOON + delay, **fields)


def taken(transactions: Transactions, *cases: CaseSnapshot) -> None:
    assert take_in(transactions, [event_of(case) for case in cases]) == []


def test_O1_open_cases_stand_by_section_and_state_with_the_age_of_the_oldest(
    transactions: Transactions,
) -> None:
    support, other = Ref(id=1, name="Support"), Ref(id=2, name="Sales")
    taken(
        transactions,
        a_case(101, section=support, created_at=NOON - timedelta(days=4)),
        a_case(102, section=support),
        a_case(103, section=support, state="pending", created_at=NOON - timedelta(days=3)),
        closed(104, timedelta(hours=1), section=support, created_at=NOON - timedelta(days=9)),
        closed(105, timedelta(hours=1), section=other),
        a_case(106, state="draft"),
        a_case(107, state="pending", created_at=NOON - timedelta(days=1)),
    )
    seen = Seen(transactions)
    assert list(seen.registry.collect()) == []  # nothing is told before somebody has looked
    seen.look()
    assert seen.of(OPEN) == {
        ("Support", "open"): 2,
        ("Support", "pending"): 1,
        ("", "draft"): 1,
        ("", "pending"): 1,
    }
    assert seen.value(OPEN, section="Sales", state="open") == 0
    assert seen.value(OPEN, section="Sales", state="done") is None
    hours = {("Support",): 4 * 24 + 2, ("",): 24 + 2}
    assert seen.of(AGE) == {section: 3600.0 * age for section, age in hours.items()}
    seen.now += timedelta(minutes=1)
    assert seen.value(AGE, section="") == 26 * 3600 + 60  # it grows without another look


def test_O1_a_series_goes_to_0_when_its_last_case_is_closed(transactions: Transactions) -> None:
    support = Ref(id=1, name="Support")
    taken(transactions, a_case(101, section=support))
    seen = Seen(transactions)
    seen.look()
    assert seen.value(OPEN, section="Support", state="open") == 1
    taken(transactions, closed(101, timedelta(hours=1), version=2, section=support))
    seen.look()
    assert seen.value(OPEN, section="Support", state="open") == 0
    assert seen.value(AGE, section="Support") is None


def test_O1_sections_of_one_name_and_without_one_are_told_all_the_same(
    transactions: Transactions,
) -> None:
    twins = [a_case(100 + id, section=Ref(id=id, name="Same")) for id in (1, 2)]
    taken(transactions, *twins, a_case(103, section=Ref(id=7, name="Gone")))
    with transactions.begin() as transaction:
        transaction.connection.execute(delete(names).where(names.c.id == 7))
    seen = Seen(transactions)
    seen.look()
    assert seen.of(OPEN) == {("Same", "open"): 2, ("7", "open"): 1}


def test_O1_the_histogram_counts_each_closed_case_up_to_its_bucket(
    transactions: Transactions,
) -> None:
    delays = [timedelta(seconds=edge) for edge in DELAYS]
    just_over = [delay + timedelta(milliseconds=1) for delay in delays]
    both = [one for pair in zip(delays, just_over, strict=True) for one in pair]
    taken(transactions, *(closed(101 + n, delay) for n, delay in enumerate(both)), a_case(200))
    seen = Seen(transactions)
    seen.look()
    assert seen.at_most() == [*range(1, 18, 2), 18]
    assert seen.value(f"{DELAY}_count") == 18
    assert seen.value(f"{DELAY}_sum") == pytest.approx(2 * sum(DELAYS) + 0.009)


def test_O1_it_is_shown_when_a_sweep_has_gone_through_all_and_follows_what_changes(
    transactions: Transactions,
) -> None:
    taken(transactions, *(closed(number, timedelta(hours=1)) for number in range(101, 111)))
    seen = Seen(transactions, step=4)
    for _ in range(2):
        seen.look()
        assert seen.value(f"{DELAY}_count") is None  # half of it would be a lie
    seen.look()
    assert seen.value(f"{DELAY}_count") == 10
    taken(transactions, a_case(101, version=2), closed(111, timedelta(days=60)))
    for _ in range(3):
        seen.look()
    assert seen.at_most() == [9] * 9 + [10]


def test_O1_as_many_as_a_step_are_counted_once(transactions: Transactions) -> None:
    taken(transactions, *(closed(number, timedelta(hours=1)) for number in range(101, 105)))
    seen = Seen(transactions, step=4)
    seen.look()
    seen.look()
    assert seen.value(f"{DELAY}_count") == 4
    with transactions.begin() as transaction:
        transaction.connection.execute(delete(facts))
    seen.look()
    assert seen.value(f"{DELAY}_count") == 0


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(events=streams())
def test_O1_whatever_comes_it_is_what_the_newest_events_tell(
    transactions: Transactions, events: list[CaseEvent]
) -> None:
    with transactions.begin() as transaction:
        transaction.connection.execute(delete(facts))
        transaction.connection.execute(delete(names))
    assert take_in(transactions, [*directory_events(), *events]) == []
    seen = Seen(transactions, step=3)
    for _ in range(3):
        seen.look()
    cases = final_cases(events)
    own = [one for one in cases if one.merged_into is None]
    delays = [one.closed_at - one.created_at for one in own if one.closed_at]
    assert seen.value(f"{DELAY}_count") == len(delays)
    assert seen.at_most() == [
        *(sum(delay <= timedelta(seconds=edge) for delay in delays) for edge in DELAYS),
        len(delays),
    ]
    open_by_state = {
        state: sum(one.state == state for one in cases) for state in ("draft", "open", "pending")
    }
    found = seen.of(OPEN)
    for state, count in open_by_state.items():
        assert sum(n for labels, n in found.items() if labels[1] == state) == count
