"""Fills a migrated database of the reporting service with very many believable facts.

Two years of cases, more by day than by night, and more of late; nearly all are closed. A few
users, sections, partners and categories have most of them, all users work in one section or two,
and delays are of all sizes (log-normal), as they are in life.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from bench.bulk_insert import copy_rows
from sqlalchemy import insert, text

from services.contracts.cases import (
    CaseCreated,
    CaseData,
    CaseSnapshot,
    CaseUpdated,
    Priority,
    Ref,
    State,
)
from services.contracts.envelope import Envelope
from services.reporting import cubes, delays, store
from services.reporting.projections.project_cases import facts_of
from services.reporting.tables import LIVE, facts
from services.runtime.database import Database
from services.runtime.identity import new_id

SEED = 11
AT_ONCE = 5_000
SECTIONS, USERS, PARTNERS, CATEGORIES = 12, 50, 5_000, 30
LAST = datetime(2026, 11, 25, 18, tzinfo=UTC)
SPAN = timedelta(days=730)
KINDS = ("helpdesk", "helpdesk", "helpdesk", "claim", "sales")
PRIORITIES: tuple[Priority, ...] = ("low", "normal", "normal", "normal", "high", "highest")
UNCLOSED: tuple[State, ...] = ("draft", "open", "open", "pending")
CLOSED: tuple[State, ...] = ("done", "done", "done", "done", "cancelled")


def fill(database: Database, count: int, seed: int = SEED) -> None:
    """So many facts, the names of what they are about, and their sums."""
    random = Random(seed)
    cases = (a_case(random, place, count) for place in range(count))
    with database.write(durable=False) as connection:
        _write_names(connection)
    while batch := list(islice(cases, AT_ONCE)):
        rows = facts_of((_event(case) for case in batch), {})
        with database.write(durable=False) as connection:
            if database.is_sqlite:
                connection.execute(insert(facts), rows)
            else:
                copy_rows(connection, "facts", rows)
    with database.write(durable=False) as connection:
        cubes.make_anew(connection, facts)
        delays.make_anew(connection, facts)
    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"))


def stories(count: int, seed: int = SEED) -> Iterator[Envelope]:
    """The events of so many cases: opened, taken on by somebody, and closed; in order of time."""
    random = Random(seed)
    for place in range(count):
        case = a_case(random, place, count)
        first = case.model_copy(update={"version": 1, "state": "draft", "closed_at": None})
        taken = first.model_copy(update={"version": 2, "state": "open"})
        yield _event(first)
        yield _event(taken, "draft")
        yield _event(case, "open")


def a_case(random: Random, place: int, count: int) -> CaseSnapshot:
    """The case of this place among so many, as it stands in the end."""
    user = min(int(random.expovariate(1 / 12)), USERS - 1) + 1
    section = (user if random.random() < 0.85 else user * 7) % SECTIONS + 1
    age = SPAN * (1 - place / count) ** 1.3
    created = LAST - age
    if created.hour < 6 and random.random() < 0.8:
        created += timedelta(hours=8)
    hours = random.lognormvariate(2.5, 1.4)
    closed_at = created + timedelta(hours=hours)
    is_closed = closed_at < LAST and random.random() < 0.99
    sells = random.random() < 0.15
    return CaseSnapshot(
        number=101 + place,
        version=3,
        subject="A subject",
        state=random.choice(CLOSED if is_closed else UNCLOSED),
        kind="sales" if sells else random.choice(KINDS),
        section=Ref(id=section, name=f"Section {section}"),
        responsible=Ref(id=user, name=f"User {user}") if random.random() < 0.95 else None,
        category=Ref(id=place % CATEGORIES + 1, name="A category"),
        partner=Ref(id=min(int(random.paretovariate(0.7)), PARTNERS), name="A partner"),
        partner_categories=(place % 4 + 1,),
        priority=random.choice(PRIORITIES),
        currency="USD" if section == 1 else "EUR",
        estimated_revenue=random.randrange(100, 50_000) if sells else None,
        probability=random.choice([10, 25, 50, 75]) if sells else None,
        estimated_cost=random.randrange(10, 500) if random.random() < 0.3 else None,
        created_at=created,
        last_action_at=created,
        state_since=created,
        closed_at=closed_at if is_closed else None,
        deadline=created + timedelta(hours=48),
        response_deadline=created + timedelta(hours=4),
        responded_at=created + timedelta(hours=hours / 4) if random.random() < 0.9 else None,
    )


def _event(case: CaseSnapshot, before: State | None = None) -> Envelope:
    kind = CaseUpdated if before else CaseCreated
    return kind(
        id=new_id(),
        occurred_at=case.created_at,
        case_id=case.number,
        version=case.version,
        data=CaseData(case=case, state_before=before),
    )


def _write_names(connection: Any) -> None:
    counts = {"user": USERS, "section": SECTIONS, "partner": PARTNERS, "category": CATEGORIES}
    rows = [
        {"what": what, "id": id, "name": f"{what} {id}", "version": 1, "event_id": ""}
        for what, count in counts.items()
        for id in range(1, count + 1)
    ]
    store.write_names(connection, LIVE, [{**row, "parent_id": None} for row in rows])
