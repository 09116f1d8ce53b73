"""Two cases about one thing become one: all that was said on either goes on on the one that stays.

The other keeps its history, is closed for good and judged by no rule; see docs/decisions/0009.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from services.cases import directory, links, moving, quality_actions, side_tables, store
from services.cases.actions import ledger
from services.cases.actions.command_origin import command_origin
from services.cases.actions.ledger import Origin
from services.cases.actions.link_cases import changes_of_links
from services.cases.actions.merged import refuse_merged
from services.cases.actions.save_quality_action import readable
from services.cases.model.tags import MOST_TAGS
from services.cases.search import documents
from services.contracts.case_commands import MergeCase
from services.contracts.cases import CLOSED, CaseSnapshot, Change, Watcher
from services.contracts.errors import InvalidRequest, StaleVersion
from services.messaging.transaction import Transaction

Changes = dict[int, tuple[Change, ...]]


def merge_case(transaction: Transaction, command: MergeCase) -> CaseSnapshot:
    """The case that stays.

    Raises NotFound, StaleVersion, and InvalidRequest for a case merged into itself, or for one
    that was merged already.
    """
    connection = transaction.connection
    gone, stays = _both(transaction, command)
    by = command_origin(connection, command)
    others = _linked(transaction, gone, stays)
    numbers = [gone.number, stays.number, *(one.number for one in others)]
    more = changes_of_links(
        connection, numbers, lambda: links.move_links(connection, gone.number, stays.number)
    )
    _with_quality_actions(connection, more, gone.number, stays.number)
    before = moving.merged_into(connection, stays.number)
    moving.copy_discussion(connection, gone.number, stays.number)
    moving.mark_merged(connection, gone.number, stays.number)
    after = moving.merged_into(connection, stays.number)
    merged = Change(field="merged", before=list(before), after=list(after))
    _leave(transaction, by, gone, stays, more[gone.number])
    documents.joined(transaction, stays.number, gone.number)
    side_tables.clear_side_tables(connection, gone.number)
    for other in others:
        told = f"case [{gone.number}] was merged into case [{stays.number}]"
        origin = replace(by, reason=told)
        ledger.change(transaction, origin, other, {}, more=more[other.number])
    origin = replace(by, reason=f"case [{gone.number}] was merged into it")
    values = _united(connection, gone, stays)
    return ledger.change(transaction, origin, stays, values, more=(*more[stays.number], merged))


def _both(transaction: Transaction, command: MergeCase) -> tuple[CaseSnapshot, CaseSnapshot]:
    if command.number == command.into:
        raise InvalidRequest("into", "give another case; a case is not merged into itself")
    numbers = sorted((command.number, command.into))
    found = {number: store.get(transaction.connection, number) for number in numbers}
    gone, stays = found[command.number], found[command.into]
    refuse_merged(gone)
    refuse_merged(stays, "into")
    held = ((gone, command.version), (stays, command.into_version))
    for case, version in held:
        if version is not None and version != case.version:
            raise StaleVersion("case", version, case.version)
    return gone, stays


def _linked(
    transaction: Transaction, gone: CaseSnapshot, stays: CaseSnapshot
) -> list[CaseSnapshot]:
    """The cases that the one that goes is linked to, besides the one that stays."""
    there = {one.number for one in links.links_of(transaction.connection, gone.number)}
    return [store.get(transaction.connection, one) for one in sorted(there - {stays.number})]


def _with_quality_actions(connection: Connection, more: Changes, gone: int, stays: int) -> None:
    there = {one: quality_actions.actions_of(connection, one) for one in (gone, stays)}
    if not there[gone]:
        return
    moving.move_quality_actions(connection, gone, stays)
    for number, before in there.items():
        after = quality_actions.actions_of(connection, number)
        told = Change(field="quality_actions", before=readable(before), after=readable(after))
        more[number] = (*more[number], told)


def _leave(
    transaction: Transaction,
    by: Origin,
    gone: CaseSnapshot,
    stays: CaseSnapshot,
    more: tuple[Change, ...],
) -> None:
    """The last change of the case that goes: it is closed, and says where all goes on."""
    values: dict[str, Any] = {"merged_into": stays.number}
    if gone.state not in CLOSED:
        values["state"] = "cancelled"
    origin = replace(by, reason=f"merged into case [{stays.number}]")
    ledger.change(transaction, origin, gone, values, more=more)


def _united(connection: Connection, gone: CaseSnapshot, stays: CaseSnapshot) -> dict[str, Any]:
    """What the case that stays takes over: who watched, the tags, the time spent."""
    watchers = list(gone.watchers)
    if gone.contact is not None:
        user = directory.user_by_address(connection, gone.contact.address)
        side = "staff" if user else "partner"
        contact = {"address": gone.contact.address, "name": gone.contact.name, "side": side}
        watchers.append(Watcher.model_validate(contact))
    there = {one.address.lower() for one in stays.watchers}
    there |= {stays.contact.address.lower()} if stays.contact else set()
    new = {one.address.lower(): one for one in watchers if one.address.lower() not in there}
    tags = tuple(dict.fromkeys((*stays.tags, *gone.tags)))
    return {
        "watchers": (*stays.watchers, *new.values()),
        "tags": tags[:MOST_TAGS],
        "minutes_spent": stays.minutes_spent + gone.minutes_spent,
    }
