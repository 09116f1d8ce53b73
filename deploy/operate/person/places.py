"""Where each service keeps what is known of people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module

from sqlalchemy import String, Table, Text, cast, func, select

from deploy.operate.installation import SERVICES, database_of, tables_of
from services.contracts.erasure import Erasure
from services.messaging.erasing import Kept
from services.runtime.database import Database, Json
from services.runtime.settings import Settings


def places_of(service: str) -> tuple[Kept, ...]:
    """The places that a service names in its module `erasing`."""
    found: tuple[Kept, ...] = import_module(f"services.{service}.erasing").KEPT
    return found


def still_named(settings: Settings, erasure: Erasure) -> dict[str, int]:
    """Every table of every service that holds the address in any text, and how often.

    Looked for without regard to the places that services name: they may have forgotten one.
    """
    found = {}
    for service in SERVICES:
        with database_of(settings, service) as database:
            for table in tables_of(service).tables.values():
                if count := _count(database, table, erasure):
                    found[f"{service}.{table.name}"] = count
    return found


def _count(database: Database, table: Table, erasure: Erasure) -> int:
    address = erasure.address.lower()
    count = 0
    with database.read() as connection:
        for column in _texts(table):
            text = cast(table.c[column], String)
            question = select(text).where(func.lower(text).contains(address, autoescape=True))
            count += sum(erasure.is_in(one) for one in connection.scalars(question) if one)
    return count


def _texts(table: Table) -> Iterator[str]:
    for column in table.columns:
        if isinstance(column.type, String | Text | type(Json)):
            yield column.name


def as_json(value: object) -> str:
    """Rows as they are handed out."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)
