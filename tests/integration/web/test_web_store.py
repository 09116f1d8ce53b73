"""Credentials and tokens on SQLite and on PostgreSQL, in the tables that the migration makes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.migration import migrate_database
from services.web.access import credentials, tokens


@pytest.fixture
def migrated(database: Database) -> Database:
    migrate_database(database, "web")
    return database


def test_O3_a_new_password_is_a_new_version_and_ends_tokens(migrated: Database) -> None:
    moment = now()
    with migrated.write() as connection:
        credentials.save_credential(connection, 7, "eve", "hash one", moment)
        token = tokens.issue_token(connection, 7, moment, timedelta(days=1))
    with migrated.read() as connection:
        first = credentials.find_credential(connection, 7)
        assert tokens.find_token(connection, token, moment) == (7, True)
    with migrated.write() as connection:
        credentials.save_credential(connection, 7, "eve", "hash two", moment)
        second = credentials.find_credential_by_login(connection, "eve")
        assert tokens.find_token(connection, token, moment) is None
    assert first is not None and second is not None
    assert (first.version, second.version, second.password_hash) == (1, 2, "hash two")


def test_O3_a_renamed_user_keeps_his_password(migrated: Database) -> None:
    with migrated.write() as connection:
        credentials.save_credential(connection, 7, "eve", "hash", now())
        credentials.rename_credential(connection, 7, "eva")
        renamed = credentials.find_credential_by_login(connection, "eva")
        assert credentials.find_credential_by_login(connection, "eve") is None
    assert renamed is not None and (renamed.user_id, renamed.version) == (7, 1)


def test_O3_tokens_end_are_noted_and_revoked(migrated: Database) -> None:
    moment = now()
    with migrated.write() as connection:
        token = tokens.issue_token(connection, 7, moment, timedelta(hours=1))
        tokens.note_use(connection, token, moment)
        assert tokens.find_token(connection, token, moment + timedelta(seconds=30)) == (7, False)
        assert tokens.find_token(connection, token, moment + timedelta(minutes=5)) == (7, True)
        assert tokens.find_token(connection, token, moment + timedelta(hours=1)) is None
        tokens.issue_token(connection, 8, moment + timedelta(hours=2), timedelta(hours=1))
        tokens.revoke_token(connection, token)
        assert tokens.find_token(connection, token, moment) is None
