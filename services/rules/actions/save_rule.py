"""A rule is added or changed, and at once waits for the cases that it is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from sqlalchemy import Connection

from services.contracts.errors import InvalidRequest, NotFound, StaleVersion
from services.contracts.rules import Rule, SaveRule
from services.messaging.answers import answer_to, keep_answer
from services.messaging.transaction import Transaction, Transactions
from services.rules import calendars, kinds, queries, store
from services.rules.actions.arm_rule import arm_rule
from services.rules.actions.record_change import Author, record_change, user
from services.rules.case_directory import CaseDirectory
from services.rules.model.references import OUR_OWN, references_of
from services.rules.model.saving import changed_rule, read_command
from services.rules.store import Entry
from services.rules.tables import answers

log = structlog.get_logger()


def save_rule(
    transactions: Transactions, cases: CaseDirectory, command: Mapping[str, Any]
) -> dict[str, Any]:
    """Carry out the contract's SaveRule; the same key again gets the same answer.

    With `check_only` it is undone at the end. Raises InvalidRequest, NotFound, StaleVersion.
    """
    asked = read_command(command)
    with transactions.database.read() as connection:
        answered = answer_to(connection, answers, asked.idempotency_key)
        if answered is not None:
            return dict(answered)
        rule = changed_rule(_before(connection, asked), asked.fields)
    # Cases is asked outside of the transaction, which must not wait on the network.
    named = [reference for reference in references_of(rule) if reference.kind != OUR_OWN]
    entries = cases.entries_of(named)
    cases.check_kind("criteria.kind", rule.criteria.kind if rule.active else None)
    try:
        with transactions.begin() as transaction:
            answer = put_rule(transaction, asked, entries)
            if asked.check_only:
                raise _OnlyChecked
    except _OnlyChecked:
        pass
    return answer


class _OnlyChecked(Exception):
    """Leaves the transaction, so that nothing is saved."""


def put_rule(
    transaction: Transaction,
    asked: SaveRule,
    entries: Sequence[Entry],
    by: Author | None = None,
) -> dict[str, Any]:
    """The same inside a transaction; `entries` are what cases knows of what the rule names.

    `by` is who changes the rule where that is not the user who asks. A rule that is saved
    as it was keeps its version.
    """
    connection = transaction.connection
    store.remember_entries(connection, entries)
    store.move_revision(connection)
    answered = answer_to(connection, answers, asked.idempotency_key)
    if answered is not None:
        return dict(answered)
    before = _before(connection, asked)
    rule = changed_rule(before, asked.fields)
    _check_name(connection, rule)
    _check_active(connection, rule)
    check_calendars(connection, rule)
    if rule != before:
        rule = store.write_rule(connection, rule) if before else store.add_rule(connection, rule)
        record_change(transaction, before, rule, by or user(connection, asked.actor_id))
    armed = arm_rule(transaction, rule, fire_overdue=asked.fire_overdue)
    answer = {"rule": rule.model_dump(mode="json"), "armed": armed.armed, "overdue": armed.overdue}
    # Whoever saves holds the revision, so that no two write the same key.
    keep_answer(connection, answers, asked.idempotency_key, answer)
    if not asked.check_only:
        log.info("rule saved", rule=rule.name, version=rule.version, by_user=asked.actor_id)
    return answer


def _before(connection: Connection, asked: SaveRule) -> Rule | None:
    if asked.id is None:
        return None
    found = queries.find_rule(connection, asked.id)
    if found is None:
        raise NotFound("rule", asked.id)
    if asked.version is None:
        raise InvalidRequest("version", "give the version that you read and changed")
    if asked.version != found.version:
        raise StaleVersion("rule", asked.version, found.version)
    return found


def _check_name(connection: Connection, rule: Rule) -> None:
    other = queries.rule_called(connection, rule.name)
    if other is not None and other.id != rule.id:
        raise InvalidRequest("name", f"rule {other.id} has this name; choose another")


def _check_active(connection: Connection, rule: Rule) -> None:
    """A rule that is switched on names nobody who has left."""
    references = references_of(rule) if rule.active else ()
    keys = {(reference.kind, reference.id): reference for reference in references}
    for entry in store.inactive(connection, list(keys)):
        reference = keys[entry.kind, entry.id]
        raise InvalidRequest(reference.field, f"{entry.name} is not active; name another")
    kind = rule.criteria.kind if rule.active else None
    if kind is not None and kinds.is_retired(connection, kind):
        raise InvalidRequest("criteria.kind", f"{kind} is not in use any more; name another")


def check_calendars(connection: Connection, rule: Rule) -> None:
    """Raises InvalidRequest for a calendar that there is not, or that is not used any more."""
    for reference in references_of(rule):
        if reference.kind != OUR_OWN:
            continue
        calendar = calendars.find_calendar(connection, reference.id)
        if calendar is None:
            raise InvalidRequest(reference.field, f"there is no calendar {reference.id}")
        if rule.active and not calendar.active:
            raise InvalidRequest(reference.field, f"{calendar.name} is not active; name another")
