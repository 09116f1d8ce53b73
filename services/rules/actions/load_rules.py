"""A file of rules is loaded: all of them, or none when there is a mistake in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.contracts.errors import InvalidRequest
from services.contracts.rules import SaveRule
from services.messaging.transaction import Transaction, Transactions
from services.rules import calendars, queries
from services.rules.actions.record_change import RULE_FILE
from services.rules.actions.save_rule import put_rule
from services.rules.case_directory import CaseDirectory
from services.rules.errors import MistakesInFile
from services.rules.rule_file.lookup import Lookup
from services.rules.rule_file.read import read
from services.rules.rule_file.translate import Translated, translate
from services.runtime.identity import new_id


@dataclass(frozen=True)
class Loaded:
    """What became of one rule of the file."""

    name: str
    replaced: bool
    armed: int
    overdue: int


def load_rules(
    transactions: Transactions, cases: CaseDirectory, text: str, *, fire_overdue: bool = False
) -> list[Loaded]:
    """Load the rules of a file's text; one of the same name is replaced, and keeps its id.

    Raises MistakesInFile, and ServiceAway while cases does not answer; then nothing is loaded.
    """
    with transactions.database.read() as connection:
        lookup = Lookup(cases, calendars.all_calendars(connection))
    rules = [translate(draft, lookup) for draft in read(text)]
    _refuse([mistake for rule in rules for mistake in rule.mistakes])
    mistakes: list[str] = []
    loaded: list[Loaded] = []
    with transactions.begin() as transaction:
        for rule in rules:
            try:
                loaded.append(_put(transaction, rule, fire_overdue))
            except InvalidRequest as error:
                mistakes.append(f"rule “{rule.name}”: {error}")
        _refuse(mistakes)
    return loaded


def _put(transaction: Transaction, rule: Translated, fire_overdue: bool) -> Loaded:
    before = queries.rule_called(transaction.connection, rule.name)
    command = SaveRule(
        idempotency_key=new_id(),
        id=before.id if before else None,
        version=before.version if before else None,
        fields=rule.fields,
        fire_overdue=fire_overdue,
    )
    answer = put_rule(transaction, command, rule.entries, RULE_FILE)
    return Loaded(rule.name, before is not None, answer["armed"], answer["overdue"])


def _refuse(mistakes: Sequence[str]) -> None:
    if mistakes:
        raise MistakesInFile(mistakes)
