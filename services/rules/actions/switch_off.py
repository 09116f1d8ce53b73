"""A rule that names what is not active any more is switched off and says why."""

from __future__ import annotations

import structlog

from services.contracts.rules import Rule
from services.messaging.transaction import Transaction
from services.rules import due_times, store
from services.rules.actions.record_change import SERVICE, record_change

log = structlog.get_logger()


def switch_off(transaction: Transaction, rule: Rule, problem: str) -> None:
    """Switch the rule off; it waits for nothing any more. The caller moves the revision."""
    connection = transaction.connection
    off = rule.model_copy(update={"active": False, "problem": problem})
    record_change(transaction, rule, store.write_rule(connection, off), SERVICE)
    due_times.forget_rule(connection, rule.id)
    log.warning("rule switched off", rule=rule.name, problem=problem)
