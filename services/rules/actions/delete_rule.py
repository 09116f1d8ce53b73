"""A rule is deleted; what it did stays known."""

from __future__ import annotations

from services.contracts.errors import NotFound, StaleVersion
from services.messaging.transaction import Transactions
from services.rules import due_times, queries, store
from services.rules.actions.record_change import record_change, user


def delete_rule(
    transactions: Transactions, id: int, version: int, actor_id: int | None = None
) -> None:
    """Delete the rule and all it waits for. Raises NotFound, StaleVersion."""
    with transactions.begin() as transaction:
        connection = transaction.connection
        store.move_revision(connection)
        rule = queries.find_rule(connection, id)
        if rule is None:
            raise NotFound("rule", id)
        if rule.version != version:
            raise StaleVersion("rule", version, rule.version)
        due_times.forget_rule(connection, id)
        store.remove_rule(connection, id)
        record_change(transaction, rule, None, user(connection, actor_id))
