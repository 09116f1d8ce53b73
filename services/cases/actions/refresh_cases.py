"""Something of the directory changed: unclosed cases carry what it is now, and rules hear of it.

Without it a partner who becomes Gold would stay what he was on every case there is (A6). It is
no action on the case: the date of its last action stays.
"""

from __future__ import annotations

from typing import Any

from services.cases import directory, store
from services.cases.actions import ledger
from services.cases.actions.ledger import Origin
from services.cases.actions.values import section_values
from services.cases.directory import Entry
from services.cases.model.tree import with_descendants
from services.contracts.cases import CaseSnapshot, Change, Ref
from services.contracts.directory import Partner, Section, TreeNode, User
from services.contracts.envelope import Actor
from services.messaging.transaction import Transaction

# Fields that follow from others: a change of them alone is told by itself.
FOLLOWING = ("partner_categories", "section_path")


def refresh_cases(transaction: Transaction, before: Entry, after: Entry, by: Actor) -> None:
    """Write what differs on each unclosed case that carries this user, section or partner."""
    match after:
        case Partner():
            refresh_of_partner(transaction, after, _because(by, "partner", after.name))
        case Section():
            if (before.name, _parent(before)) != (after.name, after.parent_id):
                _refresh_of_section(transaction, after, _because(by, "section", after.name))
        case User():
            if before.name != after.name:
                origin = _because(by, "user", after.name)
                values = {"responsible": Ref(id=after.id, name=after.name)}
                _refresh(transaction, origin, "responsible_id", after.id, values)


def refresh_of_partner(transaction: Transaction, partner: Partner, origin: Origin) -> None:
    """The partner's unclosed cases carry his name and all his categories."""
    values = {
        "partner": Ref(id=partner.id, name=partner.name),
        "partner_categories": partner.category_path_ids,
    }
    _refresh(transaction, origin, "partner_id", partner.id, values)


def refresh_of_category(transaction: Transaction, node: TreeNode, origin: Origin) -> None:
    """The unclosed cases of the category carry its path."""
    values = {"category": Ref(id=node.id, name=node.path)}
    _refresh(transaction, origin, "category_id", node.id, values)


def _refresh_of_section(transaction: Transaction, section: Section, origin: Origin) -> None:
    """Those of the section carry its name; they and those of all below it their way up."""
    connection = transaction.connection
    parents = {one.id: one.parent_id for one in directory.every(connection, Section)}
    for id in with_descendants(parents, section.id):
        _refresh(transaction, origin, "section_id", id, section_values(connection, id))


def _refresh(
    transaction: Transaction, origin: Origin, column: str, id: int, values: dict[str, Any]
) -> None:
    for case in store.unclosed_of(transaction.connection, column, id):
        more = tuple(_told(case, name, values[name]) for name in FOLLOWING if name in values)
        told = tuple(change for change in more if change.before != change.after)
        ledger.change(transaction, origin, case, values, more=told)


def _told(case: CaseSnapshot, field: str, after: tuple[int, ...]) -> Change:
    return Change(field=field, before=list(getattr(case, field)), after=list(after))


def _because(by: Actor, what: str, name: str) -> Origin:
    return Origin(reason=f"{by.name} changed the {what} {name}")


def _parent(entry: Entry) -> int | None:
    return entry.parent_id if isinstance(entry, Section) else None
