"""Whom a reply goes to in copy: who joins those that watch the case, and who leaves them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.cases.actions import ledger
from services.cases.actions.ledger import Origin
from services.cases.actions.values import resolve
from services.contracts.case_commands import CaseFields
from services.contracts.cases import CaseSnapshot, Watcher
from services.contracts.errors import InvalidRequest
from services.messaging.transaction import Transaction

# What no mail program would send to is refused before it is mailed to.
ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")
LONGEST_ADDRESS = 320


def with_copies(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    add: Sequence[Watcher],
    remove: Sequence[str],
) -> CaseSnapshot:
    """The case with these watchers; nothing happens where they stay the same.

    Raises InvalidRequest naming `add_watchers` for what is no mail address.
    """
    gone = {address.strip().lower() for address in remove}
    watchers = [one for one in case.watchers if one.address.lower() not in gone]
    known = {one.address.lower() for one in watchers}
    for one in map(_checked, add):
        if one.address.lower() not in known:
            known.add(one.address.lower())
            watchers.append(one)
    if tuple(watchers) == case.watchers:
        return case
    fields = CaseFields(watchers=tuple(watchers))
    return ledger.change(transaction, origin, case, resolve(transaction.connection, fields, case))


def _checked(watcher: Watcher) -> Watcher:
    address = watcher.address.strip()
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
        raise InvalidRequest("add_watchers", f"{watcher.address!r} is no mail address")
    return watcher.model_copy(update={"address": address})
