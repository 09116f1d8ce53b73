"""More than 500 broken mails through the whole gateway: none is lost and none waits (M11, M12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from unit.mailgw.broken_mails import BY_HAND, broken

from services.contracts.messages import read_message
from services.mailgw.actions.store_mail import store_mails
from services.mailgw.tables import raw_contents, raw_mails
from services.messaging.transaction import Transactions

MUTATIONS = 500


def test_M11_each_of_500_broken_mails_is_published_or_quarantined(
    transactions: Transactions, process_all: Callable[[], int], told: Any
) -> None:
    raws = list(dict.fromkeys([*BY_HAND.values(), *(broken(s) for s in range(MUTATIONS))]))
    assert len(raws) > 500
    by_id: dict[str, bytes] = {}
    for start in range(0, len(raws), 50):
        portion = raws[start : start + 50]
        by_id |= zip(store_mails(transactions, "pipe", portion).ids, portion, strict=True)
    assert process_all() == len(raws)

    with transactions.database.read() as connection:
        states = dict(
            tuple(row) for row in connection.execute(select(raw_mails.c.id, raw_mails.c.status))
        )
        kept = connection.execute(select(raw_contents.c.mail_id, raw_contents.c.content))
        assert {mail_id: bytes(content) for mail_id, content in kept} == by_id
    assert set(states) == set(by_id) and set(states.values()) <= {"published", "quarantined"}
    assert Counter(states.values())["published"] > 400

    wanted = {"published": "mail.received", "quarantined": "mail.quarantined"}
    with transactions.database.read() as connection:
        log = transactions.outbox.log(connection, 0, 10_000)
    messages = [read_message(row.type, row.body) for row in log]
    assert {m.data.mail_id: m.type for m in messages} == {i: wanted[s] for i, s in states.items()}
    assert len(messages) == len(raws)
    assert all(m.data.why for m in messages if m.type == "mail.quarantined")
    assert max(len(row.body) for row in log) < 8_000_000
