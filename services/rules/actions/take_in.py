"""Events come in: rules fire on them, and due times follow the cases.

The whole batch is judged from what one read brought, and written in one go. So a rule that
breaks takes nothing along: the others have fired, and its event is tried again, when the
record of firings keeps the others from firing twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.contracts.cases import CaseEvent
from services.contracts.envelope import Envelope
from services.contracts.rules import Rule
from services.messaging.transaction import Failure, Transaction, Transactions
from services.rules import failures, metrics
from services.rules.actions.fire import Occasion, count, fire
from services.rules.actions.follow_cases import follow_cases
from services.rules.actions.follow_firings import follow_firings
from services.rules.actions.learn_directory import learn_directory
from services.rules.bookshelf import Bookshelf
from services.rules.errors import RuleBroke
from services.rules.failures import Broke
from services.rules.model.deadlines import with_moments
from services.rules.model.engine import Judged, judge
from services.rules.model.rulebook import RuleBook
from services.runtime.clock import now

Broken = dict[str, list[tuple[Rule, Exception]]]  # by the event's id


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
        failures.record(connection, _broke(broken, fresh), now())
        taken = [id for id in fresh if id not in broken]
        if taken:
            transactions.inbox.mark(connection, taken)
    count(done)
    metrics.FAILED.inc(sum(len(rules) for rules in broken.values()))
    return [
        Failure(fresh[id], RuleBroke([(rule.name, error) for rule, error in rules]))
        for id, rules in broken.items()
    ]


def _handle(
    transaction: Transaction, book: RuleBook, events: Sequence[CaseEvent]
) -> tuple[Broken, list[Occasion]]:
    broken: Broken = {}
    occasions: list[Occasion] = []
    for event in events:
        judgement = judge(event, book)
        occasions += (_occasion(book, event, judged) for judged in judgement.fires)
        occasions += (_occasion(book, event, judged, stopped=True) for judged in judgement.stopped)
        for rule, error in judgement.broken:
            broken.setdefault(event.id, []).append((rule, error))
    for event, rule, error in follow_cases(transaction, book, events):
        broken.setdefault(event.id, []).append((rule, error))
    follow_firings(transaction.connection, events)
    return broken, fire(transaction, occasions)


def _broke(broken: Broken, events: Mapping[str, Envelope]) -> list[Broke]:
    """Kept in the same commit as what worked; the message is tried again all the same."""
    return [
        Broke(rule.id, case_number, error)
        for id, rules in broken.items()
        if (case_number := events[id].case_id) is not None
        for rule, error in rules
    ]


def _occasion(
    book: RuleBook, event: CaseEvent, judged: Judged, *, stopped: bool = False
) -> Occasion:
    rule, case = judged.rule, event.data.case
    actions = with_moments(rule.actions, case, event.occurred_at, book.calendars)
    return Occasion(rule, case, event.id, judged.why, actions, event.caused(), stopped)
