"""R3: each turn of a report that is mailed is ordered once, or it says why not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from unit.web.report_mail_bench import ADMIN, ANNA, DRAWER, NORA, PNG, TOM, Desk
from unit.web.web_bench import sign_in

from services.contracts.errors import InvalidRequest, ServiceAway
from services.runtime.clock import now
from services.runtime.file_store import FileStoreAway
from services.web.report_mails.sending import TRIED_AGAIN_AFTER, turn_id
from services.web.report_mails.store import LEASE


def test_R3_a_turn_is_ordered_once_and_the_next_is_set(desk: Desk) -> None:
    one = desk.add()
    before = desk.look(one).next_at
    desk.let_come(one)
    assert (desk.send(), desk.send()) == (1, 0)
    after = desk.look(one)
    assert after.next_at == before and after.last_sent_at is not None
    assert len(desk.orders) == 1


def test_R3_turns_that_were_missed_are_one(desk: Desk) -> None:
    one = desk.add()
    desk.let_come(one, now() - timedelta(days=9))
    assert desk.send() == 1
    assert now() < desk.look(one).next_at <= now() + timedelta(days=1)
    assert desk.send() == 0


def test_R3_two_processes_at_once_order_it_once(desk: Desk) -> None:
    for name in "abcdef":
        desk.let_come(desk.add(name=name))
    begin = Barrier(2)

    def run(_: int) -> int:
        begin.wait()
        return sum(desk.send() for _ in range(4))

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(run, range(2))) == 6
    assert sorted(order.data.subject[0] for order in desk.orders) == list("abcdef")


def test_R3_who_dies_after_the_order_lets_the_next_order_it_under_the_same_id(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = desk.add()
    came = desk.let_come(one)
    with monkeypatch.context() as dying:
        dying.setattr("services.web.report_mails.store.note_sent", _die)
        with pytest.raises(MemoryError):
            desk.send()
    assert desk.send() == 0  # whoever had it may live yet
    with time_machine.travel(now() + LEASE + timedelta(seconds=1)):
        assert desk.send() == 1
    first, second = desk.orders
    assert first.id == second.id == turn_id(one.model_copy(update={"next_at": came}))
    assert first.data.message_id == second.data.message_id


def _die(*_: Any) -> None:
    raise MemoryError


@pytest.mark.parametrize("method", ["report", "order_mail", "get_user", "list_kinds"])
def test_R3_a_service_that_is_away_delays_it_and_no_more(desk: Desk, method: str) -> None:
    one, held = desk.add(), desk.answers.by_method[method]
    came = desk.let_come(one)
    desk.answers.by_method[method] = ServiceAway("x", 5.0)
    assert desk.send() == 0
    waiting = desk.look(one)
    assert (waiting.next_at, waiting.active, waiting.problem) == (came, True, "waits")
    desk.answers.by_method[method] = held
    with time_machine.travel(now() + TRIED_AGAIN_AFTER + timedelta(seconds=1)):
        assert desk.send() == 1
    assert desk.look(one).problem == ""


def test_R3_a_store_of_files_that_is_away_delays_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = desk.add()
    desk.let_come(one)

    def away(_: bytes) -> str:
        raise FileStoreAway("it does not answer")

    monkeypatch.setattr(desk.wiring.files, "put", away)
    assert desk.send() == 0
    assert desk.look(one).problem == "waits" and desk.orders == []


def test_R3_what_fails_without_anybody_knowing_why_keeps_no_other_waiting(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, good = desk.add(name="broken"), desk.add(name="good")
    desk.let_come(broken, now() - timedelta(hours=1))
    desk.let_come(good)
    drawn = iter([ValueError("a slip of ours"), PNG])

    def draw(*_: Any) -> bytes:
        found = next(drawn)
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(DRAWER, draw)
    assert desk.send() == 1
    assert (desk.look(broken).problem, desk.look(good).problem) == ("waits", "")
    assert [order.data.subject[:4] for order in desk.orders] == ["good"]


def test_R3_what_can_never_be_sent_is_switched_off_and_says_so(desk: Desk) -> None:
    cases = {
        "inactive": desk.add(TOM),
        "recipients": desk.add(ANNA, recipients=["boss@partner.example"]),
        "no_address": desk.add(NORA),
        "question": desk.add(ADMIN, question="by=user&date_from=2026-12-01&date_to=2026-11-01"),
    }
    desk.change_user(TOM, active=False)
    desk.change_user(ANNA, role="agent")
    desk.change_user(NORA, address=None)
    desk.answers.by_method["report"] = InvalidRequest("date_to", "must not be before date_from")
    for problem, one in cases.items():
        desk.let_come(one)
        assert desk.send() == 0
        after = desk.look(one)
        assert (after.active, after.problem) == (False, problem)
    assert desk.orders == []
    client = desk.app.test_client()
    sign_in(client, name="admin")
    page = client.get("/report/mails").text
    assert page.count(">switched off<") == 4 and page.count("It was switched off, as ") == 4


def test_R3_a_filter_that_is_not_understood_is_not_left_out(desk: Desk) -> None:
    one = desk.add(question="by=user&partner=Nobody+Ltd")
    desk.let_come(one)
    assert desk.send() == 0 and desk.look(one).problem == "question"
    assert [name for _, name, _ in desk.answers.asked if name == "report"] == []
