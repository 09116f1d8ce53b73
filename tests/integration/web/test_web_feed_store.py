"""C6: calendar feeds on SQLite and on PostgreSQL, in the table that the migration makes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from services.contracts.errors import InvalidRequest, NotFound
from services.runtime.database import Database
from services.runtime.migration import migrate_database
from services.web import feeds as module
from services.web.feeds import (
    feeds_of,
    find_feed,
    is_worth_noting,
    make_feed,
    note_reading,
    revoke_feed,
)
from services.web.tables import calendar_feeds

AT = datetime(2027, 2, 1, 9, tzinfo=UTC)


def test_C6_feeds_are_made_found_read_and_ended(database: Database) -> None:
    migrate_database(database, "web")
    with database.write() as connection:
        secret = make_feed(connection, 3, None, " Work ", AT)
        make_feed(connection, 3, 2, "Anna", AT)
        make_feed(connection, 2, None, "Hers", AT)
    with database.read() as connection:
        feed = find_feed(connection, secret)
        assert feed is not None and (feed.name, feed.of_user_id) == ("Work", None)
        assert find_feed(connection, secret[:-1]) is None
        assert [one.name for one in feeds_of(connection, 3)] == ["Anna", "Work"]
        assert secret not in str(connection.execute(select(calendar_feeds)).all())
    assert is_worth_noting(feed, AT)
    with database.write() as connection:
        note_reading(connection, feed.id, AT)
        again = find_feed(connection, secret)
        assert again is not None and not is_worth_noting(again, AT + timedelta(minutes=1))
        assert is_worth_noting(again, AT + timedelta(minutes=6))
    with pytest.raises(NotFound), database.write() as connection:
        revoke_feed(connection, 2, feed.id, AT)
    with database.write() as connection:
        revoke_feed(connection, 3, feed.id, AT)
    with pytest.raises(NotFound), database.write() as connection:
        revoke_feed(connection, 3, feed.id, AT)
    with database.read() as connection:
        assert find_feed(connection, secret) is None
        assert [one.name for one in feeds_of(connection, 3)] == ["Anna"]


def test_C6_nobody_makes_feeds_without_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate_database(database, "web")
    monkeypatch.setattr(module, "MOST_OF_ONE_USER", 2)
    with database.write() as connection:
        make_feed(connection, 3, None, "One", AT)
        make_feed(connection, 3, None, "Two", AT)
    with pytest.raises(InvalidRequest, match="2 already"), database.write() as connection:
        make_feed(connection, 3, None, "Three", AT)
    for name in ("", " ", "x" * 101):
        with pytest.raises(InvalidRequest), database.write() as connection:
            make_feed(connection, 2, None, name, AT)
