"""A selection of cases is changed at once, each on its own: what cannot be is told, with why."""

from __future__ import annotations

from dataclasses import dataclass

from services.cases import store
from services.cases.actions import ledger
from services.cases.actions.assignment import tell_new_responsible
from services.cases.actions.command_origin import command_origin
from services.cases.actions.ledger import Origin
from services.cases.actions.merged import refuse_merged
from services.cases.actions.values import resolve
from services.cases.model.tags import tidy_tags
from services.contracts.case_commands import CasesChanged, ChangeCases, RefusedCase
from services.contracts.errors import ContractError
from services.messaging.transaction import Transaction


@dataclass(frozen=True)
class _Tags:
    add: tuple[str, ...]
    remove: frozenset[str]

    def on(self, tags: tuple[str, ...]) -> tuple[str, ...]:
        return tidy_tags(tag for tag in (*tags, *self.add) if tag not in self.remove)


def change_cases(transaction: Transaction, command: ChangeCases) -> CasesChanged:
    """What became of each case. Raises InvalidRequest for tags that cannot be kept."""
    origin = command_origin(transaction.connection, command)
    add = tidy_tags(command.add_tags, "add_tags")
    tags = _Tags(add, frozenset(tidy_tags(command.remove_tags, "remove_tags")))
    changed: list[int] = []
    unchanged: list[int] = []
    refused: list[RefusedCase] = []
    for number in sorted(set(command.numbers)):  # in this order two selections do not lock up
        try:
            with transaction.savepoint():
                differs = _change(transaction, origin, number, command, tags)
        except ContractError as error:
            refused.append(RefusedCase(number=number, why=str(error)))
        else:
            (changed if differs else unchanged).append(number)
    return CasesChanged(changed=tuple(changed), unchanged=tuple(unchanged), refused=tuple(refused))


def _change(
    transaction: Transaction,
    origin: Origin,
    number: int,
    command: ChangeCases,
    tags: _Tags,
) -> bool:
    """Whether the case is another now."""
    before = store.get(transaction.connection, number)
    refuse_merged(before)
    values = resolve(transaction.connection, command.fields, before)
    if tags.add or tags.remove:
        values["tags"] = tags.on(values.get("tags", before.tags))
    if command.state is not None:
        values["state"] = command.state
    description = command.fields.description
    after = ledger.change(transaction, origin, before, values, description=description)
    tell_new_responsible(transaction, origin, before, after)
    return after is not before
