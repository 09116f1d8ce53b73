"""Whom a rule's "assign" means: a user, the manager, a stand-in, or one of the section."""

from __future__ import annotations

from services.cases import directory, store
from services.cases.actions.ledger import section_of
from services.cases.errors import ActionFailed
from services.contracts.cases import CaseSnapshot
from services.contracts.directory import User
from services.contracts.rules import Assign
from services.messaging.transaction import Transaction
from services.runtime.clock import now

MOST_STAND_INS = 10


def find_assignee(transaction: Transaction, case: CaseSnapshot, action: Assign) -> int:
    """The user's id. Raises ActionFailed when there is nobody."""
    connection = transaction.connection
    section = section_of(transaction, case)
    if action.to == "user" and action.user_id is not None:
        return action.user_id
    if action.to == "manager" and section and section.manager_id is not None:
        return section.manager_id
    if action.to == "stand_in" and case.responsible is not None:
        return _present(transaction, case.responsible.id)
    if action.to in ("round_robin", "least_loaded") and section:
        users = [directory.find(connection, User, id) for id in section.member_ids]
        here = [user.id for user in users if user and user.active and not _is_absent(user)]
        if here:
            order = store.last_assigned if action.to == "round_robin" else store.open_cases_of
            weight = order(connection, here)
            return min(here, key=lambda id: (weight.get(id, 0), here.index(id)))
    raise ActionFailed(f"nobody found to assign to ({action.to.replace('_', ' ')})")


def _present(transaction: Transaction, user_id: int) -> int:
    """The user, or who stands in for him while he is away, and so on."""
    for _ in range(MOST_STAND_INS):
        user = directory.find(transaction.connection, User, user_id)
        if user is None or not _is_absent(user):
            return user_id
        if user.stand_in_id is None:
            raise ActionFailed(f"{user.name} is away and has no stand-in")
        user_id = user.stand_in_id
    raise ActionFailed("everybody in the row of stand-ins is away")


def _is_absent(user: User) -> bool:
    today = now().date()
    return (
        user.absent_from is not None
        and user.absent_from <= today
        and (user.absent_until is None or today <= user.absent_until)
    )
