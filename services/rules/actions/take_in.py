"""Events come in: rules fire on them, and due times follow the cases.

The whole batch is judged from what one read brought, and written in one go. So a rule that
breaks takes nothing along: the others have fired, and its event is tried again, when the
record of firings keeps the others from firing twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.contracts.cases import CaseEvent
from services.contracts.envelope import Envelope
from services.messaging.transaction import Failure, Transaction, Transactions
from services.rules import metrics
from services.rules.actions.fire import Occasion, count, fire
from services.rules.actions.follow_cases import follow_cases
from services.rules.actions.learn_directory import learn_directory
from services.rules.bookshelf import Bookshelf
from services.rules.errors import RuleBroke
from services.rules.model.engine import judge
from services.rules.model.rulebook import RuleBook

Broken = dict[str, list[tuple[str, Exception]]]  # by the event's id: the rule's name, its error


def take_in(
    transactions: Transactions, bookshelf: Bookshelf, messages: Sequence[Envelope]
) -> list[Failure]:
    """Handle a batch in one commit; each message takes effect once, or is in the answer."""
    with transactions.begin() as transaction:
        connection = transaction.connection
        seen = transactions.inbox.known(connection, [message.id for message in messages])
        fresh = {message.id: message for message in messages if message.id not in seen}
        learn_directory(transaction, fresh.values())
        events = [message for message in fresh.values() if isinstance(message, CaseEvent)]
        broken, done = _handle(transaction, bookshelf.current(connection), events)
        taken = [id for id in fresh if id not in broken]
        if taken:
            transactions.inbox.mark(connection, taken)
    count(done)
    metrics.FAILED.inc(sum(len(rules) for rules in broken.values()))
    return [Failure(fresh[id], RuleBroke(rules)) for id, rules in broken.items()]


def _handle(
    transaction: Transaction, book: RuleBook, events: Sequence[CaseEvent]
) -> tuple[Broken, list[Occasion]]:
    broken: Broken = {}
    occasions: list[Occasion] = []
    for event in events:
        judgement = judge(event, book)
        case, cause = event.data.case, event.caused()
        for judged in judgement.fires:
            occasions.append(Occasion(judged.rule, case, event.id, judged.why, cause))
        for judged in judgement.stopped:
            stopped = Occasion(judged.rule, case, event.id, judged.why, cause, stopped=True)
            occasions.append(stopped)
        for rule, error in judgement.broken:
            broken.setdefault(event.id, []).append((rule.name, error))
    for event, rule, error in follow_cases(transaction, book, events):
        broken.setdefault(event.id, []).append((rule.name, error))
    return broken, fire(transaction, occasions)
