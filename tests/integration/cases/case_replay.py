"""A case rebuilt from nothing but its history, read slowly and apart from the code it checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.cases import tables
from services.contracts.cases import CaseEvent
from services.runtime.database import Database

# The table of K2, written down once more: None is before the case existed.
MOVES: dict[str | None, set[str]] = {
    None: {"draft", "open", "pending", "done", "cancelled"},
    "draft": {"open", "pending", "done", "cancelled"},
    "open": {"pending", "done", "cancelled"},
    "pending": {"open", "done", "cancelled"},
    "done": {"open"},
    "cancelled": {"open", "draft"},
}
CLOSED = {"done", "cancelled"}
# What no entry tells because it follows from something else; each is checked on its own.
FOLLOWS = {
    "number",
    "version",
    "section_path",
    "partner_categories",
    "created_at",
    "last_action_at",
    "state_since",
    "closed_at",
}
# What an entry may tell that is no field of the snapshot.
BESIDE = {"description", "partner_categories", "links", "quality_actions", "merged"}


def check_case(database: Database, number: int, events: Sequence[CaseEvent]) -> None:
    """Raises AssertionError when case `number` is not what its entries and events say.

    `events` are all that were published of it, in the order of their publication.
    """
    entries, stored = _entries(database, number), _stored(database, number)
    numbers = list(range(1, len(entries) + 1))
    assert [entry["version"] for entry in entries] == numbers, "the history has a gap"
    assert [event.version for event in events] == numbers, "the events have a gap"
    state: str | None = None
    told: dict[str, Any] = {}
    for entry, event in zip(entries, events, strict=True):
        _check_same(entry, event)
        _play(told, entry)
        _check_move(state, event)
        state = event.data.case.state
        _check_snapshot(told, event.data.case.model_dump(mode="json"), event.version)
    _check_moments(events)
    latest = events[-1].data.case.model_dump(mode="json")
    assert stored["snapshot"] == latest, "the case is not what its last event says"
    assert stored["columns"] == _columns_of(latest)
    for field in ("tags", "partner_categories"):
        found_by = latest[field] if latest["merged_into"] is None else []
        assert sorted(stored[field]) == sorted(found_by)


def _entries(database: Database, number: int) -> list[dict[str, Any]]:
    t = tables.history
    question = select(t).where(t.c.case_number == number).order_by(t.c.version)
    with database.read() as connection:
        return [dict(row) for row in connection.execute(question).mappings()]


def _stored(database: Database, number: int) -> dict[str, Any]:
    t, tag, category = tables.cases, tables.case_tags, tables.case_partner_categories
    with database.read() as connection:
        row = connection.execute(select(t).where(t.c.number == number)).mappings().one()
        tags = connection.scalars(select(tag.c.tag).where(tag.c.case_number == number)).all()
        its = select(category.c.category_id).where(category.c.case_number == number)
        categories = connection.scalars(its).all()
    names = ("number", "version", "state", "kind", "section_id", "responsible_id", "partner_id")
    columns = {name: row[name] for name in (*names, "priority")}
    found_by = {"tags": tags, "partner_categories": categories}
    return {"snapshot": row["snapshot"], "columns": columns, **found_by}


def _columns_of(snapshot: dict[str, Any]) -> dict[str, Any]:
    plain = {name: snapshot[name] for name in ("number", "version", "state", "kind", "priority")}
    named = {
        f"{name}_id": (snapshot[name] or {}).get("id")
        for name in ("section", "responsible", "partner")
    }
    return {**plain, **named}


def _check_same(entry: dict[str, Any], event: CaseEvent) -> None:
    """An entry and its event tell the same."""
    assert entry["event_id"] == event.id
    assert entry["event_type"] == event.type
    assert entry["at"] == event.occurred_at
    assert (entry["actor_kind"], entry["actor_name"]) == (event.actor.kind, event.actor.name)
    assert entry["reason"] == event.data.reason
    assert entry["cause"] == [link.model_dump() for link in event.cause]
    assert entry["changes"] == [change.model_dump(mode="json") for change in event.data.changes]
    assert (event.case_id, event.version) == (event.data.case.number, event.data.case.version)


def _play(told: dict[str, Any], entry: dict[str, Any]) -> None:
    """Let an entry's changes happen to what was told so far."""
    fields = [change["field"] for change in entry["changes"]]
    assert len(set(fields)) == len(fields), f"version {entry['version']} tells a field twice"
    for change in entry["changes"]:
        field, before, after = change["field"], change["before"], change["after"]
        # What follows from another field is told only where it changes without that.
        if field not in FOLLOWS and (field not in BESIDE or field in told):
            assert _filled(before) == told.get(field), f"{field} was not {before!r}"
        # A created case had nothing before; later an entry without a difference is a lie.
        assert _filled(before) != _filled(after) or entry["version"] == 1
        told[field] = _filled(after)


def _check_move(before: str | None, event: CaseEvent) -> None:
    after = event.data.case.state
    assert event.data.state_before == before
    assert after == before or after in MOVES[before], f"{before} → {after} is no move"
    if before is None:
        assert (event.type, event.version) == ("case.created", 1)
    elif event.type == "case.state_changed":
        assert after != before
    elif after != before:
        assert event.type == "case.escalated"


def _check_snapshot(told: dict[str, Any], snapshot: dict[str, Any], version: int) -> None:
    """What was told up to here is the case, field by field."""
    for field, value in snapshot.items():
        if field not in FOLLOWS:
            assert told.get(field) == _filled(value), (
                f"version {version}: the history says {field} is {told.get(field)!r}, "
                f"it is {value!r}"
            )
    unknown = set(told) - set(snapshot) - BESIDE
    assert not unknown, f"the history tells of {unknown}"


def _check_moments(events: Sequence[CaseEvent]) -> None:
    since: datetime | None = None
    acted: datetime | None = None
    for event in events:
        case = event.data.case
        if event.data.state_before != case.state:
            since = event.occurred_at
        automatic = event.data.message is not None and event.data.message.automatic
        if acted is None:
            acted = event.occurred_at
        elif event.actor.kind not in ("rule", "system"):
            # An automatic mail is nobody's action, whoever it claims to be from.
            acted = acted if automatic else event.occurred_at
        assert case.created_at == events[0].occurred_at
        assert case.state_since == since
        assert case.closed_at == (since if case.state in CLOSED else None)
        assert case.last_action_at == acted


def _filled(value: Any) -> Any:
    """An empty list, text or mapping says as little as nothing at all."""
    return None if value in (None, "", [], {}) else value
