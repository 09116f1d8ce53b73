"""O3: sessions, tries, second factors, links and sign-ins on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from services.contracts.errors import NotFound
from services.runtime.database import Database
from services.runtime.migration import migrate_database
from services.web.access import credentials, lockout, resets, sessions, sign_in_log, two_factor
from services.web.access.seal import Seal
from services.web.access.sign_in_log import SignInQuestion
from services.web.access.visitor import Visitor

AT = datetime(2027, 2, 1, 9, tzinfo=UTC)
EVE = Visitor("192.0.2.1", "Firefox on Linux")
SEAL = Seal(["the key of the tests"], "two-factor")
PLACE = (lockout.PASSWORD, "eve", "192.0.2.1")


@pytest.fixture
def kept(database: Database) -> Database:
    migrate_database(database, "web")
    return database


def at_once(times: int, act: Callable[[int], object]) -> list[object]:
    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(act, range(times)))


def test_O3_sessions_are_begun_found_noted_and_ended(kept: Database) -> None:
    with kept.write() as connection:
        credentials.save_credential(connection, 7, "eve", "hash", AT)
        secret = sessions.begin_session(connection, 7, 1, sessions.PASSWORD, EVE, at=AT)
        sessions.begin_session(connection, 7, 1, sessions.WITH_CODE, EVE, at=AT)
        sessions.begin_session(connection, 8, 0, sessions.SINGLE_SIGN_ON, EVE, at=AT)
    with kept.write() as connection:
        found = sessions.find_session(connection, secret, AT)
        assert found is not None and (found.user_id, found.program) == (7, EVE.program)
        assert sessions.find_session(connection, secret + "x", AT) is None
        assert not sessions.is_worth_noting(found, AT + timedelta(seconds=59))
        later = AT + timedelta(hours=23)
        sessions.note_use(connection, found.id, later)
        assert [one.id for one in sessions.sessions_of(connection, 7, later)] == [found.id, 2]
        # The other was not used for a day then, and goes.
        sessions.forget_ended(connection, AT + timedelta(hours=24))
        assert len(sessions.sessions_of(connection, 7, later)) == 1
        with pytest.raises(NotFound):
            sessions.end_session(connection, 8, found.id)
        sessions.end_session(connection, 7, found.id)
        assert sessions.find_session(connection, secret, later) is None


def test_O3_a_new_password_ends_all_sessions_but_the_one_it_is_set_in(kept: Database) -> None:
    with kept.write() as connection:
        credentials.save_credential(connection, 7, "eve", "one", AT)
        first = sessions.begin_session(connection, 7, 1, sessions.PASSWORD, EVE, at=AT)
        second = sessions.begin_session(connection, 7, 1, sessions.PASSWORD, EVE, at=AT)
        here = sessions.find_session(connection, first, AT)
        assert here is not None
        credentials.save_credential(connection, 7, "eve", "two", AT, keep_session=here.id)
        assert sessions.find_session(connection, first, AT) is not None
        assert sessions.find_session(connection, second, AT) is None
        # One begun with the old password, while the new one was being saved.
        late = sessions.begin_session(connection, 7, 1, sessions.PASSWORD, EVE, at=AT)
        assert sessions.find_session(connection, late, AT) is None


def test_O3_tries_at_the_same_moment_are_all_counted(kept: Database) -> None:
    def fail(_: int) -> datetime | None:
        with kept.write() as connection:
            return lockout.note_failure(connection, *PLACE, AT)

    told = at_once(8, fail)
    assert told.count(None) == 4
    with kept.read() as connection:
        until = lockout.blocked_until(connection, *PLACE, AT)
    assert until == AT + timedelta(minutes=8)


def test_O3_failed_tries_are_forgotten_after_a_day_without_one(kept: Database) -> None:
    with kept.write() as connection:
        for _ in range(5):
            lockout.note_failure(connection, *PLACE, AT)
        assert lockout.blocks_of(connection, "password", "eve", AT) == {
            "192.0.2.1": AT + timedelta(minutes=1)
        }
        next_day = AT + timedelta(days=1)
        assert lockout.note_failure(connection, *PLACE, next_day) is None
        lockout.forget_old(connection, next_day + timedelta(days=1))
        assert lockout.note_failure(connection, *PLACE, next_day) is None
        for _ in range(4):
            lockout.note_failure(connection, *PLACE, next_day)
        lockout.clear(connection, "password", "eve")
        assert lockout.blocked_until(connection, *PLACE, next_day) is None


def test_O3_many_failures_from_elsewhere_leave_each_address_one_try(kept: Database) -> None:
    with kept.write() as connection:
        for last in range(20):
            lockout.note_failure(connection, "password", "eve", f"198.51.100.{last}", AT)
        assert lockout.blocked_until(connection, *PLACE, AT) is None
        assert lockout.note_failure(connection, *PLACE, AT) == AT + timedelta(minutes=1)
        assert lockout.note_failure(connection, "password", "ann", "192.0.2.1", AT) is None


def test_O3_of_two_who_bring_the_same_code_at_once_one_is_let_in(kept: Database) -> None:
    with kept.write() as connection:
        secret = two_factor.offer_secret(connection, SEAL, 7)
        assert two_factor.offer_secret(connection, SEAL, 7) == secret
        assert two_factor.users_with_it(connection) == set()
        codes = two_factor.turn_on(connection, SEAL, 7, pyotp.TOTP(secret).at(AT), AT)
        assert codes is not None and two_factor.users_with_it(connection) == {7}
    later = AT + timedelta(seconds=60)
    given = pyotp.TOTP(secret).at(later)

    def take(_: int) -> bool:
        with kept.write() as connection:
            return two_factor.take_code(connection, SEAL, 7, given, later)

    def recover(_: int) -> bool:
        with kept.write() as connection:
            return two_factor.take_recovery_code(connection, 7, codes[0], later)

    assert at_once(4, take).count(True) == 1
    assert at_once(4, recover).count(True) == 1
    with kept.write() as connection:
        assert two_factor.unused_recovery_codes(connection, 7) == 9
        assert not two_factor.take_recovery_code(connection, 8, codes[1], later)
        two_factor.turn_off(connection, 7)
        assert not two_factor.is_on(connection, 7)
        assert not two_factor.take_recovery_code(connection, 7, codes[1], later)


def test_O3_a_link_is_seen_to_by_one_process_and_used_once(kept: Database) -> None:
    with kept.write() as connection:
        assert resets.ask(connection, "eve", EVE, AT) is None
    with kept.read() as connection:
        assert resets.is_any_waiting(connection, AT)

    def take(_: int) -> int:
        with kept.write() as connection:
            return len(resets.take_waiting(connection, AT))

    taken = at_once(4, take)
    assert sorted(map(str, taken)) == ["0", "0", "0", "1"]
    with kept.write() as connection:
        (asked,) = resets.take_waiting(connection, AT + timedelta(seconds=61))
        secret = resets.make_link(connection, asked, 7, AT)
        assert secret is not None
        resets.note_handled(connection, asked, AT)
        assert not resets.is_any_waiting(connection, AT + timedelta(minutes=5))
        assert resets.user_of_link(connection, secret, AT + timedelta(minutes=29)) == 7
        assert resets.user_of_link(connection, secret, AT + timedelta(minutes=30)) is None

    def use(_: int) -> int | None:
        with kept.write() as connection:
            return resets.use_link(connection, secret, AT)

    assert at_once(4, use).count(7) == 1


def test_O3_sign_ins_are_filtered_paged_and_forgotten(kept: Database) -> None:
    with kept.write() as connection:
        for number, (what, name, user_id) in enumerate(
            (("signed_in", "eve", 7), ("wrong_password", "100% Eve", None), ("locked", "ann", 8))
        ):
            moment = AT + timedelta(days=number)
            sign_in_log.note(connection, what, name, user_id, EVE, at=moment)
        sign_in_log.note(connection, "locked", "x" * 500 + "\0", None, EVE, at=AT)

        def names(**question: object) -> list[str]:
            asked = SignInQuestion(**question)  # type: ignore[arg-type]
            return [one.name[:8] for one in sign_in_log.entries(connection, asked)]

        assert names() == ["xxxxxxxx", "ann", "100% Eve", "eve"]
        assert names(what="locked") == ["xxxxxxxx", "ann"]
        assert names(name="EVE") == ["100% Eve", "eve"]
        assert names(name="0%") == ["100% Eve"]
        assert names(user_id=8) == ["ann"]
        assert names(before=3, limit=1) == ["100% Eve"]
        sign_in_log.forget_old(connection, AT + timedelta(days=181))
        assert names() == ["ann", "100% Eve"]
