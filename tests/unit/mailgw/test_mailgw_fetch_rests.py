"""The bounds of fetching, each by itself: rests, memory, time (M12)."""

from __future__ import annotations

import threading
import time

import pytest

from services.mailgw.errors import ServerRefused, told
from services.mailgw.incoming.deadline import allowed_seconds, deadline
from services.mailgw.incoming.fetch import MOST_MAIL_BYTES, Taken
from services.mailgw.incoming.room import Room
from services.mailgw.model.rest import LONGEST_SECONDS, rest_seconds


def test_M12_rests_double_up_to_the_longest() -> None:
    assert [rest_seconds(n, 150) for n in range(5)] == [0, 150, 300, 600, LONGEST_SECONDS]
    assert rest_seconds(10_000, 0.25) == LONGEST_SECONDS
    assert rest_seconds(3, 3600) == 3600  # no rest is shorter than the interval asks for


def test_M12_mails_on_their_way_wait_for_room_and_a_large_one_gets_all_of_it() -> None:
    room = Room(100)
    order: list[str] = []

    def large() -> None:
        with room.taken(5000):
            order.append("large")

    with room.taken(60), room.taken(40):
        waiting = threading.Thread(target=large)
        waiting.start()
        time.sleep(0)
        order.append("small")
    waiting.join(10)
    with room.taken(100):
        order.append("all")
    assert order == ["small", "large", "all"]


def test_M12_what_takes_too_long_is_broken_off_and_told_as_such() -> None:
    broken = threading.Event()
    with pytest.raises(TimeoutError), deadline(0.01, broken.set):
        assert broken.wait(10)
        raise ConnectionResetError
    with pytest.raises(ConnectionResetError), deadline(60, broken.clear):
        raise ConnectionResetError
    assert broken.is_set()


def test_M12_a_large_mail_may_take_longer() -> None:
    assert allowed_seconds(0) < allowed_seconds(MOST_MAIL_BYTES) < 3600


def test_M12_what_was_left_in_the_mailbox_is_told() -> None:
    assert Taken(new=3).trouble == ""
    both = Taken(large=1, withheld=2, unsettled="over quota").trouble
    assert "1 larger than 100 MB, 2 that the server" in both and both.endswith("; over quota")


def test_an_error_of_ours_is_told_without_what_it_holds() -> None:
    assert told(ServerRefused("it is away")) == "it is away"
    assert "secret" not in told(ValueError("secret"))
