"""A command takes effect once, however often it is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.cases.errors import CarriedOutMeanwhile
from services.cases.tables import answers
from services.contracts.envelope import Command
from services.messaging.answers import answer_to, keep_answer
from services.messaging.transaction import Transaction

LONGEST_KEY = 200


def once(
    transaction: Transaction, name: str, command: Command, act: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """The answer of `act`, or the one that the same command got before.

    Raises CarriedOutMeanwhile when another worker has just carried it out: begin anew, and
    its answer is there.
    """
    key = f"{name}:{command.actor_id}:{command.idempotency_key}"[:LONGEST_KEY]
    known = answer_to(transaction.connection, answers, key)
    if known is not None:
        return dict(known)
    answer = act()
    if not keep_answer(transaction.connection, answers, key, answer):
        raise CarriedOutMeanwhile(name)
    return answer
