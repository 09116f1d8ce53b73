"""What is told of users, sections and others; rules that name who left are switched off."""

from __future__ import annotations

from collections.abc import Iterable

from services.contracts.directory import (
    PartnerChanged,
    SectionChanged,
    TemplateChanged,
    UserChanged,
)
from services.contracts.envelope import Envelope
from services.contracts.rules import Rule
from services.messaging.transaction import Transaction
from services.rules import queries, store
from services.rules.actions.switch_off import switch_off
from services.rules.model.references import names_it
from services.rules.store import Entry


def learn_directory(transaction: Transaction, messages: Iterable[Envelope]) -> None:
    """Remember names and activity, and look through the rules when somebody left."""
    connection = transaction.connection
    entries = [entry for message in messages if (entry := _entry(message)) is not None]
    changed = store.remember_entries(connection, entries)
    if not changed:
        return
    store.move_revision(connection)  # the rule book holds names as well
    gone = [entry for entry in changed if not entry.active]
    for rule in queries.all_rules(connection) if gone else []:
        problem = next((_problem(entry) for entry in gone if _names(rule, entry)), None)
        if rule.active and problem is not None:
            switch_off(transaction, rule, problem)


def _entry(message: Envelope) -> Entry | None:
    if isinstance(message, UserChanged | SectionChanged | PartnerChanged | TemplateChanged):
        kind, data = message.type.removesuffix(".changed"), message.data
        return Entry(kind, data.id, data.version, data.name, data.active)
    return None


def _names(rule: Rule, entry: Entry) -> bool:
    return names_it(rule, entry.kind, entry.id)


def _problem(entry: Entry) -> str:
    return f"switched off: the {entry.kind} {entry.name} is not active any more"
