"""Whatever the gateway makes of broken bytes, cases takes it: a case, or an entry of one (M11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unit.mailgw.broken_mails import BY_HAND, broken

from services.contracts.mail import MailReceived
from services.contracts.messages import read_message
from services.mailgw.actions.process_stored_mails import look_into
from services.mailgw.model.accounts import pipe_account
from services.mailgw.raw_store import Waiting
from services.runtime.clock import now
from services.runtime.identity import new_id

if TYPE_CHECKING:
    from conftest import Desk

MUTATIONS = 500


def test_M11_each_of_500_broken_mails_is_on_a_case_or_in_quarantine(desk: Desk) -> None:
    received: list[MailReceived] = []
    quarantined, account = 0, pipe_account("pipe")
    for raw in (*BY_HAND.values(), *(broken(seed) for seed in range(MUTATIONS))):
        waiting = Waiting(new_id(), "pipe", now(), len(raw), attempts=0)
        message = look_into(waiting, raw, account, frozenset({"us@ours.example"})).message
        assert message is not None
        told = read_message(message.type, message.model_dump_json())
        if isinstance(told, MailReceived):
            received.append(told)
        else:
            quarantined += 1
    for message in received:
        desk.take(message)
    assert len(received) > 400 and quarantined > 0

    entries = [
        entry.text
        for case in _every_case(desk)
        for entry in desk.case(int(case["number"])).messages
    ]
    different = {message.data.message_id for message in received}
    assert len(entries) == len(different)


def _every_case(desk: Desk) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    page = desk.page(limit=200)
    while page["next"]:
        found += page["items"]
        page = desk.page(limit=200, cursor=page["next"])
    return found + page["items"]
