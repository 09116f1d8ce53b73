"""Two cases are linked, or linked no more; the history of both tells it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from services.cases import links, store
from services.cases.actions import ledger
from services.cases.actions.command_origin import command_origin
from services.cases.actions.ledger import Origin
from services.cases.actions.merged import refuse_merged
from services.contracts.case_commands import LinkCases, Relation, UnlinkCases
from services.contracts.cases import CaseSnapshot, Change
from services.contracts.errors import InvalidRequest
from services.messaging.transaction import Transaction


def link_cases(transaction: Transaction, command: LinkCases) -> CaseSnapshot:
    """The first case. Raises NotFound, and InvalidRequest for a case linked to itself."""
    case, other = _both(transaction, command.number, command.other)
    origin = command_origin(transaction.connection, command)
    return link(transaction, origin, case, command.relation, other)


def unlink_cases(transaction: Transaction, command: UnlinkCases) -> CaseSnapshot:
    """The first case. Raises NotFound."""
    case, other = _both(transaction, command.number, command.other)
    origin = command_origin(transaction.connection, command)

    def unlink() -> None:
        links.remove_links(transaction.connection, case.number, other.number)

    return tell_of_links(transaction, origin, (case, other), unlink)[0]


def link(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    relation: Relation,
    other: CaseSnapshot,
) -> CaseSnapshot:
    """The case, linked to the other as its `relation`; nothing happens where it is already."""

    def add() -> None:
        there = links.links_of(transaction.connection, case.number)
        if (relation, other.number) not in {(one.relation, one.number) for one in there}:
            links.add_link(transaction.connection, case.number, relation, other.number)

    return tell_of_links(transaction, origin, (case, other), add)[0]


def tell_of_links(
    transaction: Transaction,
    origin: Origin,
    concerned: tuple[CaseSnapshot, ...],
    act: Callable[[], None],
) -> tuple[CaseSnapshot, ...]:
    """The cases behind `act`, with an entry in the history of each whose links it changed."""
    numbers = [case.number for case in concerned]
    more = changes_of_links(transaction.connection, numbers, act)
    return tuple(
        ledger.change(transaction, origin, case, {}, more=more[case.number]) for case in concerned
    )


def changes_of_links(
    connection: Connection, numbers: Sequence[int], act: Callable[[], None]
) -> dict[int, tuple[Change, ...]]:
    """Do `act`, and say for each of these cases what it changed of its links."""
    before = {one: links.in_words(links.links_of(connection, one)) for one in numbers}
    act()
    told: dict[int, tuple[Change, ...]] = {}
    for number, old in before.items():
        new = links.in_words(links.links_of(connection, number))
        told[number] = (Change(field="links", before=old, after=new),) if new != old else ()
    return told


def _both(transaction: Transaction, number: int, other: int) -> tuple[CaseSnapshot, CaseSnapshot]:
    """The two, locked in the order of their numbers: two who link them crosswise do not wait."""
    if number == other:
        raise InvalidRequest("other", "give another case; a case is not linked to itself")
    found = {one: store.get(transaction.connection, one) for one in sorted((number, other))}
    for case in found.values():
        refuse_merged(case)
    return found[number], found[other]
