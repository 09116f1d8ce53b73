"""Rules are put into an order: those named first, the others behind them as they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from services.contracts.errors import InvalidRequest
from services.contracts.reading import read
from services.contracts.rules import OrderRules, Rule
from services.messaging.answers import answer_to, keep_answer
from services.messaging.transaction import Transaction, Transactions
from services.rules import queries, store
from services.rules.actions.record_change import record_change, user
from services.rules.tables import answers

STEP = 10  # leaves room for a rule between two others

log = structlog.get_logger()


def order_rules(transactions: Transactions, command: Mapping[str, Any]) -> list[Rule]:
    """Carry out the contract's OrderRules and answer all rules in their order.

    Only rules whose order changes get a new version. Raises InvalidRequest.
    """
    asked = read(OrderRules, command)
    with transactions.begin() as transaction:
        connection = transaction.connection
        store.move_revision(connection)
        if answer_to(connection, answers, asked.idempotency_key) is None:
            _put_in_order(transaction, asked)
            keep_answer(connection, answers, asked.idempotency_key, {"ordered": len(asked.ids)})
        return queries.all_rules(connection)


def _put_in_order(transaction: Transaction, asked: OrderRules) -> None:
    connection = transaction.connection
    wanted = _in_order(queries.all_rules(connection), asked.ids)
    moved = [
        (rule, rule.model_copy(update={"order": number * STEP}))
        for number, rule in enumerate(wanted, 1)
        if rule.order != number * STEP
    ]
    author = user(connection, asked.actor_id)
    saved = store.write_rules(connection, [after for _, after in moved])
    for (before, _), after in zip(moved, saved, strict=True):
        record_change(transaction, before, after, author)
    log.info("rules put in order", moved=len(moved), by_user=asked.actor_id)


def _in_order(rules: Sequence[Rule], ids: Sequence[int]) -> list[Rule]:
    by_id = {rule.id: rule for rule in rules}
    for id in ids:
        if id not in by_id:
            raise InvalidRequest("ids", f"there is no rule {id}; read the rules again")
    if len(set(ids)) < len(ids):
        raise InvalidRequest("ids", "a rule is there twice; name each once")
    named = set(ids)
    return [by_id[id] for id in ids] + [rule for rule in rules if rule.id not in named]
