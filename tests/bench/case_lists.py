"""Lists and searches among very many cases, beside reading one case by its number.

By itself: `python -m bench.case_lists --cases 100000 [--sqlite]`.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from functools import partial
from random import Random
from statistics import median, quantiles
from typing import Any

from bench.databases import postgresql, sqlite
from bench.made_up_words import MadeUpWords
from bench.many_cases import FREQUENT, RARE, SEED, People, fill
from bench.stopwatch import milliseconds_of
from sqlalchemy import select

from services.cases import case_counts, case_lists
from services.cases.tables import FIRST_NUMBER, cases
from services.contracts.case_commands import CaseQuestion
from services.contracts.case_views import CountQuestion
from services.contracts.cases import UNCLOSED
from services.runtime.database import Database

CASES = 1_000_000
ROUNDS = 5
PAGES = 3  # of each list: the first, and those behind it by their cursors
READS = 500
# Those that a figure of a report may lead to: it is said how many cases they have.
COUNTED = (
    *("all", "mine by last action", "a section and below", "a category and below"),
    *("a partner", "a partner category", "no partner category", "cancelled by oldest"),
)


@dataclass
class Pages:
    """How long each page took, in milliseconds."""

    name: str
    milliseconds: list[float] = field(default_factory=list)

    def told(self, read_ms: float) -> str:
        """In one line, as a multiple of reading a case by its number too."""
        p50, p95 = median(self.milliseconds), percentile(self.milliseconds, 95)
        return f"{self.name:<34} p50 {p50:6.1f} ms  p95 {p95:6.1f} ms = {p95 / read_ms:5.0f} reads"


def measure_case_lists(cases: int = CASES, *, on_sqlite: bool = False) -> None:
    """Print the figures of each list, and of all together."""
    databases = sqlite if on_sqlite else postgresql
    with databases("cases") as new:
        database = new()
        people = fill(database, cases)
        name = "SQLite" if on_sqlite else "PostgreSQL"
        read_ms = _read_by_number(database, cases)
        print(f"{name}: one of {cases} cases by its number: {read_ms:.2f} ms")
        questions = _questions(people)
        every = [_measured(database, *one) for one in questions.items()]
        for one in every:
            print(f"  {one.told(read_ms)}")
        whole = Pages("all lists and searches", [ms for one in every for ms in one.milliseconds])
        print(f"  {whole.told(read_ms)}")
        counts = _counted(database, questions)
        print(f"  {counts.told(read_ms)}")


def percentile(values: list[float], percent: int) -> float:
    """The value that this share of them does not exceed."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def _questions(people: People) -> dict[str, dict[str, Any]]:
    """What the pages of the web ask for, and what is hard."""
    writer = MadeUpWords(Random(SEED))
    active: dict[str, Any] = {"state": UNCLOSED}
    user = people.users[1].id
    top = next(one.id for one in people.sections if one.parent_id is None and one.id > 1)
    asked: dict[str, dict[str, Any]] = {"active": active}
    for sort in ("oldest", "last_action", "deadline", "priority"):
        asked[f"active by {sort}"] = {**active, "sort": sort}
        asked[f"all by {sort}"] = {"sort": sort}
    asked |= {
        "all": {},
        "mine": {**active, "responsible_id": user},
        "mine by last action": {"responsible_id": user, "sort": "last_action"},
        "of nobody": {**active, "nobody": True, "sort": "oldest"},
        "late": {"late": True, "sort": "deadline"},
        "a section and below": {"section_id": top},
        "a section, active by deadline": {**active, "section_id": top, "sort": "deadline"},
        "a section of old cases": {"section_id": people.dead_section.id},
        "the same by last action": {"section_id": people.dead_section.id, "sort": "last_action"},
        "a partner": {"partner_id": people.partners[3][0].id},
        "a category and below": {"category_id": people.categories[0].id},
        "a partner category": {"partner_category_id": people.partner_categories[:1]},
        "a partner category by last action": {
            "partner_category_id": people.partner_categories[:1],
            "sort": "last_action",
        },
        "no partner category": {"no_partner_category": True},
        "a frequent tag": {"tag": "tag 0"},
        "a rare tag by priority": {"tag": "tag 180", "sort": "priority"},
        "cancelled by oldest": {"state": ["cancelled"], "sort": "oldest"},
        "words: in a third": {"q": FREQUENT},
        "words: rare": {"q": RARE},
        "words: rare by last action": {"q": RARE, "sort": "last_action"},
        "words: none": {"q": "unheardof"},
        "words: two frequent": {"q": f"{FREQUENT} {writer.ranked(0)}"},
        "words: a frequent and a rare": {"q": f"{FREQUENT} {RARE}"},
        "words: of a section, active": {**active, "q": FREQUENT, "section_id": top},
        "words: a tag and the oldest": {"q": "tag", "sort": "oldest"},
        "words: first three letters": {"q": writer.ranked(20)[:3]},
    }
    for rank in (30, 300, 3_000, 25_000):
        asked[f"words: the {rank}th"] = {"q": writer.ranked(rank)}
        asked[f"words: the {rank}th by priority"] = {"q": writer.ranked(rank), "sort": "priority"}
    return asked


def _counted(database: Database, questions: dict[str, dict[str, Any]]) -> Pages:
    counts = Pages("how many there are, of eight lists")
    for name in COUNTED:
        asked = CaseQuestion.model_validate(questions[name])
        question = CountQuestion(cases=asked, total_only=True)
        for round_ in range(ROUNDS + 1):
            with database.read() as connection:
                taken = milliseconds_of(partial(case_counts.count_cases, connection, question))
            if round_:
                counts.milliseconds.append(taken)
    return counts


def _measured(database: Database, name: str, asked: dict[str, Any]) -> Pages:
    pages = Pages(name)
    for round_ in range(ROUNDS + 1):
        cursor = None
        for _ in range(PAGES):
            question = CaseQuestion.model_validate({**asked, "cursor": cursor})
            page: dict[str, Any] = {}

            def ask(question: CaseQuestion = question, page: dict[str, Any] = page) -> None:
                with database.read() as connection:
                    page.update(case_lists.list_cases(connection, question))

            took = milliseconds_of(ask)
            if round_:  # the first only warms up
                pages.milliseconds.append(took)
            cursor = page["next"]
            if cursor is None:
                break
    return pages


def _read_by_number(database: Database, count: int) -> float:
    random = Random(SEED)
    numbers = [FIRST_NUMBER + random.randrange(count) for _ in range(READS)]
    times = []
    for number in numbers:

        def ask(number: int = number) -> None:
            with database.read() as connection:
                connection.scalar(select(cases.c.snapshot).where(cases.c.number == number))

        times.append(milliseconds_of(ask))
    return median(times)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--sqlite", action="store_true")
    given = parser.parse_args()
    measure_case_lists(given.cases, on_sqlite=given.sqlite)
