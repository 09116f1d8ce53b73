"""Who changed what in the directory, and how, written in the same transaction as the change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.cases.model.change import field_differences
from services.cases.tables import directory_history
from services.contracts.cases import Change
from services.contracts.directory import DirectoryChange
from services.contracts.envelope import Actor
from services.messaging.transaction import Transaction
from services.runtime.clock import now


def record_change(
    transaction: Transaction,
    what: str,
    key: int | str,
    version: int,
    *,
    by: Actor,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
) -> tuple[Change, ...]:
    """Write how an entry of the directory changed; answers the fields that differ.

    `what` is one of those of `DirectoryChange`, `key` its id or code, `version` the one it has
    now. `before` (None: it was not there) and `after` are its fields as JSON, without those
    that count it. Without a difference nothing is written: the version should have stayed.
    """
    changes = field_differences(before, after)
    if changes:
        row = DirectoryChange(
            what=what,
            key=str(key),
            version=version,
            at=now(),
            actor_id=by.id if by.kind == "user" else None,
            actor_name=by.name[:400],
        )
        told = [change.model_dump(mode="json") for change in changes]
        transaction.append(directory_history, {**row.model_dump(), "changes": told})
    return changes
