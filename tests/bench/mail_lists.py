"""The list of mails among very many, on either database.

By itself: `python -m bench.mail_lists --mails 1000000 [--sqlite]`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from random import Random
from statistics import median
from typing import Any

from bench.bulk_insert import copy_rows
from bench.databases import postgresql, sqlite
from bench.made_up_words import MadeUpWords
from bench.stopwatch import milliseconds_of
from sqlalchemy import insert, text

from services.contracts.mail_lists import MailQuestion
from services.mailgw import mail_list, mail_search
from services.mailgw.model.mail_words import words_of
from services.mailgw.tables import raw_mails
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.identity import new_id

MAILS = 1_000_000
SEED = 7
AT_ONCE = 10_000
ROUNDS = 5
RARE_EVERY = 50_000
FREQUENT, RARE, OLD = "printer", "needle", "telefax"  # the last only among the oldest fifth
VERDICTS = [{"filter": f"filter_{n}", "outcome": "no", "why": ""} for n in range(10)]


def measure_mail_lists(mails: int = MAILS, *, on_sqlite: bool = False) -> None:
    """Print how long a first and a second page of each list take."""
    databases = sqlite if on_sqlite else postgresql
    with databases("mailgw") as new:
        database = new()
        _fill(database, mails)
        print(f"{'SQLite' if on_sqlite else 'PostgreSQL'}: {mails} mails")
        for name, asked in _questions().items():
            taken, found = _measured(database, asked)
            line = f"{name:<34} p50 {median(taken):6.1f} ms  worst {max(taken):6.1f} ms"
            print(f"  {line}  ({found} on the first page)")


def _questions() -> dict[str, dict[str, Any]]:
    return {
        "all": {},
        "taken in": {"status": "filed"},
        "quarantine": {"status": "quarantined"},
        "set aside": {"status": "aside"},
        "our own": {"status": "own"},
        "of a rare account": {"account": "rare"},
        "taken in of a rare account": {"account": "rare", "status": "filed"},
        "quarantine of the first account": {"account": "support", "status": "quarantined"},
        "of a case": {"case_number": 777},
        "a frequent word": {"q": FREQUENT},
        "a rare word": {"q": RARE},
        "a word of old mails": {"q": OLD},
        "the beginning of many words": {"q": "ba"},
        "two words": {"q": f"{FREQUENT} {RARE}"},
        "an address": {"q": "user7777@blue.example"},
        "no such word": {"q": "nothinglikethis"},
        "a rare word in quarantine": {"q": RARE, "status": "quarantined"},
        "a frequent word, set aside": {"q": FREQUENT, "status": "aside"},
    }


def _measured(database: Database, asked: dict[str, Any]) -> tuple[list[float], int]:
    taken: list[float] = []
    answer: dict[str, Any] = {}

    def ask(cursor: str | None) -> None:
        nonlocal answer
        with database.read() as connection:
            answer = mail_list.page(connection, MailQuestion(cursor=cursor, **asked))

    found = 0
    for _ in range(ROUNDS):
        taken.append(milliseconds_of(lambda: ask(None)))
        found = len(answer["items"])
        if answer["next"]:
            taken.append(milliseconds_of(lambda: ask(answer["next"])))
    return taken, found


def _fill(database: Database, mails: int) -> None:
    rows = _rows(mails)
    if not database.is_sqlite:
        _do(database, "DROP INDEX mail_search_words")  # made at once it takes a fraction
    while batch := list(islice(rows, AT_ONCE)):
        with database.write(durable=False) as connection:
            if database.is_sqlite:
                connection.execute(insert(raw_mails), batch)
            else:
                copy_rows(connection, raw_mails.name, batch)
            mail_search.write(connection, [{"mail": r["id"], "words": r["words"]} for r in batch])
    if not database.is_sqlite:
        _do(database, mail_search.CREATE["postgresql"])
    _do(database, "ANALYZE" if database.is_sqlite else "VACUUM ANALYZE")


def _rows(mails: int) -> Iterator[dict[str, Any]]:
    random = Random(SEED)
    writer = MadeUpWords(random)
    begin = now() - timedelta(minutes=mails)
    for place in range(mails):
        subject = writer.text(6)
        subject += f" {FREQUENT}" if random.random() < 0.33 else ""
        subject += f" {RARE}" if place % RARE_EVERY == 77 else ""
        subject += f" {OLD}" if place < mails / 5 and random.random() < 0.1 else ""
        sender = f"user{int(20_000 * random.random() ** 2)}@blue.example"
        status = random.choices(["published", "own", "quarantined"], [989, 10, 1])[0]
        filed = None if status != "published" else "aside" if random.random() < 0.01 else "new"
        yield {
            "id": new_id(),
            "sha256": f"{place:064x}",
            "size_bytes": 3000,
            "account": "rare" if place % RARE_EVERY == 99 else "support",
            "received_at": begin + timedelta(minutes=place),
            "status": status,
            "message_id": f"<{place}@blue.example>",
            "sender": sender,
            "subject": subject,
            "words": words_of(sender, subject),
            "case_number": place // 4 if filed == "new" else None,
            "filed": filed,
            "filed_why": "it names no case of ours, so that it opens one",
            "attempts": 1,
            "why": "",
            "verdicts": VERDICTS,
        }


def _do(database: Database, statement: str) -> None:
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--mails", type=int, default=MAILS)
    parser.add_argument("--sqlite", action="store_true")
    chosen = parser.parse_args()
    measure_mail_lists(chosen.mails, on_sqlite=chosen.sqlite)
