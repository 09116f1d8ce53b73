"""Webhooks and their deliveries on SQLite and on PostgreSQL, with a real receiver."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from support.webhook_receiver import WebhookReceiver, receiving
from unit.web.webhook_builders import case_event

from services.contracts.errors import InvalidRequest, NotFound, StaleVersion
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.migration import migrate_database
from services.web.access.seal import Seal
from services.web.webhooks import deliveries, store
from services.web.webhooks.addresses import read_networks
from services.web.webhooks.pauses import RESTS_AFTER, TRIED_FOR
from services.web.webhooks.sending import Sender
from services.web.webhooks.store import Webhook
from services.web.webhooks.take_in import take_in
from services.web.webhooks.taking import LEASE, MOST_OF_ONE, Taken, take_due

SEAL = Seal(["a key"], store.SEAL_PURPOSE)
LOCAL = read_networks("127.0.0.0/8")


@pytest.fixture
def migrated(database: Database) -> Database:
    migrate_database(database, "web")
    return database


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with receiving() as made:
        yield made


def add(database: Database, address: str, **fields: Any) -> tuple[Webhook, str]:
    usual = {
        "name": "Billing",
        "address": address,
        "event_types": ["case.created", "case.updated"],
        "section_id": None,
        "active": True,
    }
    with database.write() as connection:
        return store.add_webhook(connection, SEAL, 1, {**usual, **fields}, now())


def look(database: Database, webhook: Webhook) -> Webhook:
    with database.read() as connection:
        return store.find_webhook(connection, webhook.id)


def of(database: Database, webhook: Webhook, **asked: Any) -> list[deliveries.Delivery]:
    with database.read() as connection:
        return deliveries.list_deliveries(connection, webhook.id, **asked)


def take(database: Database, later: timedelta = timedelta(), most: int = 8) -> list[Taken]:
    with database.write() as connection:
        return take_due(connection, now() + later, most)


def send_all(database: Database, later: timedelta = timedelta()) -> int:
    """Send what is due then, as one dispatcher does; how many."""
    taken = take(database, later)
    for one in taken:
        Sender(database, SEAL, LOCAL).send(one)
    return len(taken)


def at_once(act: Callable[[], None]) -> None:
    """Four replicas do this at the same time; what one of them raises is raised."""
    with ThreadPoolExecutor(4) as pool:
        for ended in [pool.submit(act) for _ in range(4)]:
            ended.result()


def test_O3_an_event_is_one_delivery_for_each_webhook_that_wants_it(migrated: Database) -> None:
    one, _ = add(migrated, "https://a.example/")
    two, _ = add(migrated, "https://b.example/", section_id=2)
    three, _ = add(migrated, "https://c.example/", event_types=["case.escalated"])
    ours = {"section": {"id": 5, "name": "Below"}, "section_path": (5, 2)}
    first, second = case_event(), case_event(**ours)
    assert take_in(migrated, [first, second]) == []
    assert [d.message_id for d in of(migrated, one)] == [second.id, first.id]
    assert [d.message_id for d in of(migrated, two)] == [second.id]
    assert of(migrated, three) == []


def test_O3_a_doubled_event_is_told_once(migrated: Database) -> None:
    webhook, _ = add(migrated, "https://a.example/")
    event = case_event()
    take_in(migrated, [event, event])
    take_in(migrated, [event])
    assert len(of(migrated, webhook)) == 1


def test_O3_two_replicas_that_read_the_same_event_make_one_delivery(migrated: Database) -> None:
    webhook, _ = add(migrated, "https://a.example/")
    events = [case_event() for _ in range(20)]

    def read() -> None:
        for event in events:
            try:
                take_in(migrated, [event])
            except Exception:  # noqa: BLE001  the reader does it once more, as here
                take_in(migrated, [event])

    at_once(read)
    assert sorted(d.message_id for d in of(migrated, webhook)) == sorted(e.id for e in events)


def test_O3_a_delivery_is_signed_and_settled(migrated: Database, receiver: WebhookReceiver) -> None:
    webhook, secret = add(migrated, receiver.address)
    event = case_event("case.created")
    take_in(migrated, [event])
    assert send_all(migrated) == 1
    (came,) = receiver.received
    assert came.is_signed_by(secret)
    assert not came.is_signed_by("whsec_" + "A" * 43 + "=")
    assert (came.id, came.path) == (event.id, "/hook")
    assert came.headers["content-type"] == "application/json"
    assert came.told["data"]["case"]["subject"] == "Printer on fire"
    (kept,) = of(migrated, webhook)
    assert (kept.status, kept.tries, kept.last_status, kept.last_error) == ("delivered", 1, 204, "")
    assert send_all(migrated, TRIED_FOR) == 0


def test_O3_the_secret_is_nowhere_in_the_database(migrated: Database) -> None:
    _, secret = add(migrated, "https://a.example/")
    with migrated.read() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM webhooks").fetchall()
    assert secret.removeprefix("whsec_") not in str(rows)


def test_O3_after_500_it_is_tried_again_with_the_same_id(
    migrated: Database, receiver: WebhookReceiver
) -> None:
    receiver.answer = lambda _: 500 if len(receiver.received) < 3 else 200
    webhook, _ = add(migrated, receiver.address)
    take_in(migrated, [case_event()])
    send_all(migrated)
    (kept,) = of(migrated, webhook)
    assert (kept.status, kept.last_status) == ("waiting", 500)
    assert kept.last_error == "it answers 500 Internal Server Error"
    assert kept.next_try_at is not None and kept.next_try_at > now()
    assert send_all(migrated) == 0, "not before its pause is over"
    send_all(migrated, timedelta(minutes=1))
    assert look(migrated, webhook).failures == 2
    send_all(migrated, timedelta(minutes=10))
    (kept,) = of(migrated, webhook)
    assert (kept.status, kept.tries) == ("delivered", 3)
    assert len(set(receiver.ids)) == 1
    assert look(migrated, webhook).failures == 0


def test_O3_a_redirection_is_not_followed(migrated: Database, receiver: WebhookReceiver) -> None:
    receiver.answer = lambda _: 307
    receiver.extra["Location"] = receiver.address
    webhook, _ = add(migrated, receiver.address)
    take_in(migrated, [case_event()])
    send_all(migrated)
    assert len(receiver.received) == 1
    assert of(migrated, webhook)[0].last_error.startswith("it answers 307")


def test_O3_410_switches_the_webhook_off(migrated: Database, receiver: WebhookReceiver) -> None:
    receiver.answer = lambda _: 410
    webhook, _ = add(migrated, receiver.address)
    take_in(migrated, [case_event()])
    send_all(migrated)
    found = look(migrated, webhook)
    assert (found.active, found.off_reason, found.version) == (False, "gone", 2)
    assert of(migrated, webhook)[0].status == "given_up"
    take_in(migrated, [case_event()])
    assert len(of(migrated, webhook)) == 1, "nothing is noted for one that is off"


def test_O3_who_fails_all_the_time_rests_and_is_probed_by_one(
    migrated: Database, receiver: WebhookReceiver
) -> None:
    receiver.answer = lambda _: 500
    webhook, _ = add(migrated, receiver.address)
    take_in(migrated, [case_event() for _ in range(RESTS_AFTER + 15)])
    while send_all(migrated):
        pass
    found = look(migrated, webhook)
    assert found.rests_until is not None and found.rests_until > now()
    tried = len(receiver.received)
    assert tried < RESTS_AFTER + MOST_OF_ONE
    assert send_all(migrated, timedelta(minutes=2)) == 1, "one probe behind the rest"
    assert take(migrated, timedelta(minutes=2)) == [], "and no other while it rests again"
    untried = [one for one in of(migrated, webhook) if one.tries == 0]
    assert len(untried) > 8, "the rest has cost the others no try"
    receiver.answer = lambda _: 200
    assert send_all(migrated, timedelta(hours=2)) == 1
    assert look(migrated, webhook).rests_until is None
    sent = 1
    while (count := send_all(migrated, timedelta(hours=2))) > 0:
        sent += count
    assert sent == RESTS_AFTER + 15
    assert {one.status for one in of(migrated, webhook)} == {"delivered"}


def test_O3_a_receiver_that_asks_for_a_pause_is_left_alone(
    migrated: Database, receiver: WebhookReceiver
) -> None:
    receiver.answer, receiver.extra["Retry-After"] = lambda _: 429, "90"
    webhook, _ = add(migrated, receiver.address)
    take_in(migrated, [case_event()])
    send_all(migrated)
    take_in(migrated, [case_event()])
    assert send_all(migrated, timedelta(seconds=60)) == 0
    receiver.answer = lambda _: 200
    assert send_all(migrated, timedelta(seconds=120)) == 2
    assert look(migrated, webhook).failures == 0


def test_O3_one_slow_receiver_keeps_no_other_waiting(migrated: Database) -> None:
    add(migrated, "https://slow.example/")
    quick, _ = add(migrated, "https://quick.example/")
    take_in(migrated, [case_event() for _ in range(10)])
    taken = take(migrated, most=8)
    assert len([one for one in taken if one.webhook_id == quick.id]) == MOST_OF_ONE
    assert take(migrated) == [], "so many are in hand for each that no more are taken"


def test_O3_what_is_taken_is_nobody_elses_until_the_lease_is_over(migrated: Database) -> None:
    add(migrated, "https://a.example/")
    take_in(migrated, [case_event()])
    (mine,) = take(migrated)
    assert take(migrated, LEASE / 2) == []
    (theirs,) = take(migrated, LEASE + timedelta(seconds=1))
    assert (theirs.id, theirs.message_id, theirs.try_number) == (mine.id, mine.message_id, 2)


def test_O3_many_replicas_take_each_delivery_once(migrated: Database) -> None:
    webhooks = [add(migrated, f"https://{n}.example/", name=str(n))[0] for n in range(8)]
    take_in(migrated, [case_event() for _ in range(MOST_OF_ONE)])
    taken: list[int] = []

    def replica() -> None:
        for _ in range(20):
            taken.extend(one.id for one in take(migrated, most=3))

    at_once(replica)
    assert len(taken) == len(set(taken)) == MOST_OF_ONE * len(webhooks)


def test_O3_who_comes_back_late_overwrites_nothing(
    migrated: Database, receiver: WebhookReceiver
) -> None:
    webhook, _ = add(migrated, receiver.address)
    take_in(migrated, [case_event()])
    (stuck,) = take(migrated)
    (other,) = take(migrated, LEASE + timedelta(seconds=1))
    Sender(migrated, SEAL, LOCAL).send(other)
    receiver.answer = lambda _: 500
    Sender(migrated, SEAL, LOCAL).send(stuck)
    assert [one.status for one in of(migrated, webhook)] == ["delivered"]
    assert look(migrated, webhook).failures == 0


def test_O3_an_inner_address_is_refused_before_anything_is_sent(
    migrated: Database, receiver: WebhookReceiver
) -> None:
    webhook, _ = add(migrated, receiver.address.replace("127.0.0.1", "localhost"))
    take_in(migrated, [case_event()])
    (taken,) = take(migrated)
    Sender(migrated, SEAL, ()).send(taken)
    assert receiver.received == []
    assert "is no public address" in of(migrated, webhook)[0].last_error


def test_O3_a_renewed_secret_signs_beside_the_one_before_for_a_day(
    migrated: Database, receiver: WebhookReceiver
) -> None:
    webhook, old = add(migrated, receiver.address)
    with migrated.write() as connection:
        renewed, new = store.renew_secret(connection, SEAL, webhook.id, 1, now())
    assert renewed.version == 2 and new != old
    take_in(migrated, [case_event()])
    send_all(migrated)
    take_in(migrated, [case_event()])
    send_all(migrated, timedelta(hours=25))
    both, alone = receiver.received
    assert both.is_signed_by(old) and both.is_signed_by(new)
    assert alone.is_signed_by(new) and not alone.is_signed_by(old)


def test_O3_a_secret_that_cannot_be_read_switches_it_off_until_it_is_renewed(
    migrated: Database, receiver: WebhookReceiver
) -> None:
    webhook, _ = add(migrated, receiver.address)
    take_in(migrated, [case_event()])
    other = Seal(["another key"], store.SEAL_PURPOSE)
    (taken,) = take(migrated)
    Sender(migrated, other, LOCAL).send(taken)
    found = look(migrated, webhook)
    assert (found.active, found.off_reason) == (False, "secret")
    with migrated.write() as connection:
        renewed, secret = store.renew_secret(connection, other, webhook.id, found.version, now())
    assert (renewed.active, renewed.off_reason) == (True, "")
    (taken,) = take(migrated)
    Sender(migrated, other, LOCAL).send(taken)
    assert receiver.received[0].is_signed_by(secret)
    assert of(migrated, webhook)[0].status == "delivered"


def test_O3_what_was_given_up_is_sent_again_by_hand(
    migrated: Database, receiver: WebhookReceiver
) -> None:
    webhook, _ = add(migrated, receiver.address)
    take_in(migrated, [case_event()])
    with migrated.write() as connection:
        assert deliveries.give_up_old(connection, now() + TRIED_FOR + timedelta(hours=1)) == 1
    (kept,) = of(migrated, webhook, status="given_up")
    assert kept.last_error == deliveries.WAITED_TOO_LONG
    assert send_all(migrated, TRIED_FOR) == 0
    with migrated.write() as connection:
        deliveries.send_again(connection, webhook.id, kept.id, now())
    assert send_all(migrated) == 1
    assert receiver.ids == [kept.message_id]
    assert [one.status for one in of(migrated, webhook)] == ["delivered"]


def test_O3_sent_again_is_refused_while_it_is_sent_or_the_webhook_is_off(
    migrated: Database,
) -> None:
    webhook, _ = add(migrated, "https://a.example/")
    take_in(migrated, [case_event()])
    (taken,) = take(migrated)
    with migrated.write() as connection, pytest.raises(InvalidRequest, match="being sent"):
        deliveries.send_again(connection, webhook.id, taken.id, now())
    with migrated.write() as connection:
        store.change_webhook(connection, webhook.id, 1, {"active": False})
    with migrated.write() as connection, pytest.raises(InvalidRequest, match="switch"):
        deliveries.send_again(connection, webhook.id, taken.id, now() + LEASE)
    with migrated.write() as connection, pytest.raises(NotFound):
        deliveries.send_again(connection, webhook.id + 1, taken.id, now())


def test_O3_deliveries_are_listed_from_the_newest_page_by_page(migrated: Database) -> None:
    webhook, _ = add(migrated, "https://a.example/")
    take_in(migrated, [case_event() for _ in range(5)])
    first = of(migrated, webhook, limit=3)
    rest = of(migrated, webhook, before=first[-1].id, limit=3)
    ids = [one.id for one in (*first, *rest)]
    assert ids == sorted(ids, reverse=True) and len(ids) == 5
    assert of(migrated, webhook, status="delivered") == []
    assert len(of(migrated, webhook, status="waiting")) == 5


def test_O3_old_deliveries_are_forgotten_once_settled(
    migrated: Database, receiver: WebhookReceiver
) -> None:
    webhook, _ = add(migrated, receiver.address)
    take_in(migrated, [case_event()])
    send_all(migrated)
    take_in(migrated, [case_event()])
    with migrated.write() as connection:
        deliveries.forget_old(connection, now() + deliveries.KEPT_FOR - timedelta(minutes=5))
    assert len(of(migrated, webhook)) == 2
    with migrated.write() as connection:
        deliveries.forget_old(connection, now() + deliveries.KEPT_FOR + timedelta(minutes=5))
    assert [one.status for one in of(migrated, webhook)] == ["waiting"]


def test_O3_a_webhook_is_changed_by_its_version_and_deleted_whole(migrated: Database) -> None:
    webhook, _ = add(migrated, "https://a.example/")
    take_in(migrated, [case_event()])
    with migrated.write() as connection:
        changed = store.change_webhook(connection, webhook.id, 1, {"name": "New"})
    assert (changed.name, changed.version) == ("New", 2)
    with migrated.write() as connection, pytest.raises(StaleVersion):
        store.change_webhook(connection, webhook.id, 1, {"name": "Other"})
    with migrated.write() as connection:
        store.delete_webhook(connection, webhook.id)
    with migrated.read() as connection:
        assert store.list_webhooks(connection) == []
        assert deliveries.waiting(connection) == (0, None)
    with migrated.write() as connection, pytest.raises(NotFound):
        store.delete_webhook(connection, webhook.id)


def test_O3_there_are_a_hundred_webhooks_at_the_most(migrated: Database) -> None:
    for number in range(store.MOST_WEBHOOKS):
        add(migrated, "https://a.example/", name=str(number))
    with pytest.raises(InvalidRequest, match="delete one first"):
        add(migrated, "https://a.example/")
