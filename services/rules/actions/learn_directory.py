"""What is told of users, sections and others; rules that name who left are switched off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.contracts.directory import (
    CategoryChanged,
    Kind,
    KindChanged,
    PartnerChanged,
    SectionChanged,
    TemplateChanged,
    UserChanged,
)
from services.contracts.envelope import Envelope
from services.contracts.rules import Rule
from services.messaging.transaction import Transaction
from services.rules import kinds, queries, store
from services.rules.actions.switch_off import switch_off
from services.rules.model.references import names_it
from services.rules.store import Entry


def learn_directory(transaction: Transaction, messages: Iterable[Envelope]) -> None:
    """Remember names and activity, and look through the rules when something was retired."""
    connection = transaction.connection
    heard = list(messages)
    entries = [entry for message in heard if (entry := _entry(message)) is not None]
    changed = store.remember_entries(connection, entries)
    retired = kinds.remember(connection, [m.data for m in heard if isinstance(m, KindChanged)])
    gone = [entry for entry in changed if not entry.active]
    renamed = any(entry.kind in queries.NAMED_APART for entry in changed)
    if not gone and not retired and not renamed:
        return  # nothing that the rule book holds
    store.move_revision(connection)
    for rule in queries.all_rules(connection) if gone or retired else []:
        problem = _problem(rule, gone, retired)
        if rule.active and problem is not None:
            switch_off(transaction, rule, problem)


def _entry(message: Envelope) -> Entry | None:
    if isinstance(message, CategoryChanged):
        node = message.data
        return Entry(node.tree, node.id, node.version, node.path, node.active)
    if isinstance(message, UserChanged | SectionChanged | PartnerChanged | TemplateChanged):
        kind, data = message.type.removesuffix(".changed"), message.data
        return Entry(kind, data.id, data.version, data.name, data.active)
    return None


def _problem(rule: Rule, gone: Sequence[Entry], retired: Sequence[Kind]) -> str | None:
    """What of these the rule names, in words."""
    named = [f"{e.kind.replace('_', ' ')} {e.name}" for e in gone if names_it(rule, e.kind, e.id)]
    named += [f"kind {kind.name}" for kind in retired if rule.criteria.kind == kind.code]
    return f"switched off: the {named[0]} is not active any more" if named else None
