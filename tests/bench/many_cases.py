"""Fills a migrated database of the cases service with very many believable cases.

They are skewed as cases are: nearly all are closed, and what is open is new; a few sections,
users, partners, tags and words have most of them; one section has none but old ones.

`python -m bench.many_cases DATABASE_URL 100000` (on PostgreSQL in the schema "cases").
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from random import Random
from typing import Any, cast

from bench.bulk_insert import Bulk
from bench.made_up_words import MadeUpWords

from services.cases import directory, tables
from services.cases.doors import carry_out
from services.cases.model.list_columns import RANKS
from services.cases.search.writing import Writing, whole
from services.cases.store import row_of
from services.contracts.cases import CLOSED, CaseSnapshot, Contact, Ref, State
from services.contracts.directory import Section, User
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.identity import new_id
from services.runtime.migration import migrate_database

AT_ONCE = 5_000
SEED = 7
FREQUENT, RARE = "printer", "needle"  # in a third of the cases; in one of 50,000
RARE_EVERY = 50_000
STILL_NEW = 0.04  # the share of the cases that are so new that many are still open
OLD = 0.2  # the dead section has none younger than this share of all
DEAD_SECTION = "Fax machines"
SECTIONS = ("Hardware", "Software", "Network", "Accounts", "Field service", "Claims", "Purchasing")
TAGS = 200
UNCLOSED_MIX: tuple[State, ...] = ("draft", "open", "open", "pending")
CLOSED_MIX: tuple[State, ...] = (*["done"] * 5, "cancelled")


@dataclass(frozen=True)
class People:
    """The directory that the cases are about."""

    sections: Sequence[Section]
    dead_section: Section
    users: Sequence[User]
    categories: Sequence[Ref]
    partners: Sequence[tuple[Ref, Contact]]
    partner_categories: Sequence[int]


def fill(database: Database, count: int, seed: int = SEED) -> People:
    """So many cases, with what lists and searches find them by; no entries of discussions."""
    people = _directory(database)
    random = Random(seed)
    writer = MadeUpWords(random)
    made = (_case(random, writer, people, number, count) for number in range(count))
    with Bulk(database) as bulk:
        while batch := list(islice(made, AT_ONCE)):
            bulk.insert(tables.cases, [row for row, _, _ in batch])
            tags = [
                {"tag": tag, "case_number": case.number}
                for _, case, _ in batch
                for tag in case.tags
            ]
            bulk.insert(tables.case_tags, tags)
            categories = [
                {"category_id": id, "case_number": case.number}
                for _, case, _ in batch
                for id in case.partner_categories
            ]
            bulk.insert(tables.case_partner_categories, categories)
            bulk.documents([document for _, _, document in batch])
    return people


def _case(
    random: Random, writer: MadeUpWords, people: People, place: int, count: int
) -> tuple[dict[str, Any], CaseSnapshot, Writing]:
    number, age = tables.FIRST_NUMBER + place, 1 - place / count
    created = now() - timedelta(minutes=10 * (count - place))
    last = min(now(), created + timedelta(days=random.expovariate(0.5)))
    unclosed = random.random() < (0.8 if age < STILL_NEW else 0.004)
    state = random.choice(UNCLOSED_MIX if unclosed else CLOSED_MIX)
    section = _section(random, people, age)
    user = _skewed(random, people.users) if random.random() < 0.9 else None
    partner, contact = _skewed(random, people.partners)
    subject = writer.text(5)
    said = writer.text(60)
    said += f" {FREQUENT}" if random.random() < 0.33 else ""
    said += f" {RARE}" if place % RARE_EVERY == 77 else ""
    case = CaseSnapshot(
        number=number,
        version=3,
        subject=subject,
        state=state,
        kind=random.choices(["helpdesk", "claim", "task"], [8, 1, 1])[0],
        section=Ref(id=section.id, name=section.name),
        section_path=tuple(one for one in (section.id, section.parent_id) if one is not None),
        category=_skewed(random, people.categories) if random.random() < 0.7 else None,
        responsible=Ref(id=user.id, name=user.name) if user else None,
        priority=random.choices(list(RANKS), [1, 4, 20, 4, 1])[0],
        partner=partner,
        partner_categories=_categories_of(people, partner),
        contact=contact,
        created_at=created,
        last_action_at=last,
        state_since=last,
        closed_at=last if state in CLOSED else None,
        deadline=last + timedelta(days=random.gauss(3, 4)) if random.random() < 0.6 else None,
        tags=_tags(random),
    )
    row = {**row_of(case), "number": number, "description": writer.text(30), "messages": 0}
    return row, case, whole(case, row["description"], [("", said)])


def _section(random: Random, people: People, age: float) -> Section:
    if age > 1 - OLD and random.random() < 0.15:
        return people.dead_section
    return cast(Section, _skewed(random, people.sections))


def _skewed(random: Random, among: Sequence[Any]) -> Any:
    """One of them; the first are chosen far more often than the last."""
    return among[int(len(among) * random.random() ** 3)]


def _categories_of(people: People, partner: Ref) -> tuple[int, ...]:
    """One for each partner, but for every tenth."""
    among = people.partner_categories
    return (among[partner.id % len(among)],) if partner.id % 10 else ()


def _tags(random: Random) -> tuple[str, ...]:
    chosen = {int(TAGS * random.random() ** 3) for _ in range(random.choice([0, 0, 1, 2]))}
    return tuple(f"tag {one}" for one in sorted(chosen))


def _directory(database: Database) -> People:
    transactions = Transactions(database, tables.outbox, tables.inbox)

    def save(command: str, **given: Any) -> Any:
        return carry_out(transactions, command, {"idempotency_key": new_id(), **given})

    for name in (*SECTIONS, DEAD_SECTION):
        above = save("save_section", fields={"name": name})["id"]
        below = () if name == DEAD_SECTION else ("first level", "second level")
        for level in below:
            save("save_section", fields={"name": f"{name}, {level}", "parent_id": above})
    for one in range(50):
        address = f"user{one}@ours.example"
        save("save_user", fields={"login": f"user{one}", "name": f"User {one}", "address": address})
    for one in range(6):
        above = save("save_category", name=f"Category {one}")["id"]
        for two in range(4):
            save("save_category", name=f"Category {one}.{two}", parent_id=above)
    groups = [save("save_partner_category", name=f"Group {one}")["id"] for one in range(8)]
    partners = []
    for one in range(500):
        contact = {"name": f"Contact {one}", "address": f"contact@partner{one}.example"}
        fields = {"name": f"Partner {one}", "contacts": [contact]}
        saved = save("save_partner", fields=fields)
        ref = Ref(id=saved["id"], name=saved["name"])
        partners.append((ref, Contact.model_validate(saved["contacts"][0])))
    with database.read() as connection:
        sections = directory.every(connection, Section)
        nodes = directory.tree(connection, tables.categories).values()
        return People(
            [one for one in sections if one.name != DEAD_SECTION],
            next(one for one in sections if one.name == DEAD_SECTION),
            directory.every(connection, User),
            [Ref(id=node.id, name=node.path) for node in nodes],
            partners,
            groups,
        )


def main(url: str, count: str) -> None:
    """Migrate the database and fill it."""
    database = Database(url, schema=None if url.startswith("sqlite") else "cases")
    migrate_database(database, "cases")
    fill(database, int(count))
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
