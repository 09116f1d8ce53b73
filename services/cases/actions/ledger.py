"""Writing a change of a case: the new state, its history entry and its event, all or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.cases import store
from services.cases.actions.origin import Origin, section_of
from services.cases.actions.tell_attendees import tell_attendees, told
from services.cases.model.attendance import followed
from services.cases.model.change import changed, differences
from services.cases.search import documents
from services.cases.tables import history
from services.contracts.cases import (
    CaseCreated,
    CaseData,
    CaseEscalated,
    CaseEvent,
    CaseMessageAdded,
    CaseSnapshot,
    CaseStateChanged,
    CaseUpdated,
    Change,
    FiringOutcome,
    MessageAdded,
)
from services.messaging.transaction import Transaction
from services.runtime.identity import new_id

__all__ = ["Origin", "add_message", "change", "create", "note", "section_of"]


def create(
    transaction: Transaction, origin: Origin, case: CaseSnapshot, description: str
) -> CaseSnapshot:
    """Open a case; its `number` and `version` are given here."""
    connection = transaction.connection
    number = store.new_number(connection, case, description)
    case = case.model_copy(update={"number": number, "version": 1})
    store.save(connection, None, case)
    documents.case_opened(transaction, case, description)
    _announce(transaction, origin, CaseCreated, None, case)
    return case


def change(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    values: Mapping[str, Any],
    *,
    escalated: bool = False,
    description: str | None = None,
    more: tuple[Change, ...] = (),
    firing: FiringOutcome | None = None,
) -> CaseSnapshot:
    """Give the case these values in one event; without a difference nothing happens.

    `more` are changes that its fields alone do not show; `firing` is the rule that is obeyed
    by it. Whoever was invited to the meeting that the case is, is told by mail what became of
    it. Raises IllegalMove.
    """
    after, news = followed(case, changed(case, values, origin.at))
    more += _rewritten(transaction, case, description)
    if not differences(case, after) and not more:
        return case
    if not origin.is_rule:
        after = after.model_copy(update={"last_action_at": origin.at})
    store.save(transaction.connection, case, after, description)
    documents.case_changed(transaction, case, after, description)
    kind: type[CaseEvent] = CaseStateChanged if after.state != case.state else CaseUpdated
    kind = CaseEscalated if escalated else kind
    origin = replace(origin, reason=told(origin.reason, news))
    _announce(transaction, origin, kind, case, after, more=more, firing=firing)
    tell_attendees(transaction, origin, after, news)
    return after


def note(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    *,
    firing: FiringOutcome | None = None,
) -> CaseSnapshot:
    """Write into the history what happened to the case without changing it."""
    after = case.model_copy(update={"version": case.version + 1})
    store.save(transaction.connection, case, after)
    _announce(transaction, origin, CaseUpdated, case, after, firing=firing)
    return after


def add_message(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    row: Mapping[str, Any],
    *,
    answers: bool = False,
) -> tuple[CaseSnapshot, int]:
    """Add an entry to the discussion; answers the case and the entry's number.

    `row` holds the columns of `messages`; those left out are empty. Its minutes are added to
    those of the case. `answers`: with it a person of ours answers the partner; the first time
    ends the response deadline.
    """
    entry = {**EMPTY_MESSAGE, "at": origin.at, "author": origin.actor.name[:400], **row}
    number = store.add_message(transaction.connection, case.number, entry)
    documents.message_added(transaction, case.number, entry["subject"], entry["text"])
    moved = {} if origin.is_rule or entry["automatic"] else {"last_action_at": origin.at}
    if answers and case.responded_at is None:
        moved["responded_at"] = origin.at
    minutes = case.minutes_spent + (entry["minutes_spent"] or 0)
    news = {"version": case.version + 1, "minutes_spent": minutes, **moved}
    after = case.model_copy(update=news)
    store.save(transaction.connection, case, after)
    added = MessageAdded(
        message_number=number,
        kind=entry["kind"],
        direction=entry["direction"],
        author=entry["author"],
        subject=entry["subject"],
        automatic=entry["automatic"],
        minutes_spent=entry["minutes_spent"],
    )
    _announce(transaction, origin, CaseMessageAdded, case, after, message=added)
    return after, number


EMPTY_MESSAGE: dict[str, Any] = {
    "subject": "",
    "text": "",
    "quoted": "",
    "html": None,
    "attachments": [],
    "automatic": False,
    "verified": True,
    "message_id": "",
    "minutes_spent": None,
    "remark": "",
}


def _rewritten(
    transaction: Transaction, case: CaseSnapshot, description: str | None
) -> tuple[Change, ...]:
    """The change of the description, which is no part of the snapshot."""
    if description is None:
        return ()
    before = store.description_of(transaction.connection, case.number)
    if before == description:
        return ()
    return (Change(field="description", before=before, after=description),)


def _announce(
    transaction: Transaction,
    origin: Origin,
    kind: type[CaseEvent],
    before: CaseSnapshot | None,
    after: CaseSnapshot,
    *,
    message: MessageAdded | None = None,
    more: tuple[Change, ...] = (),
    firing: FiringOutcome | None = None,
) -> None:
    data = CaseData(
        case=after,
        state_before=before.state if before else None,
        changes=differences(before, after) + more,
        message=message,
        reason=origin.reason,
        firing=firing,
    )
    event = kind(
        id=new_id(),
        type=kind.TYPE,
        occurred_at=origin.at,
        case_id=after.number,
        version=after.version,
        actor=origin.actor,
        cause=origin.cause,
        data=data,
    )
    transaction.append(history, store.history_row(event))
    transaction.publish(event)
