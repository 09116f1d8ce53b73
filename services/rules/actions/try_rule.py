"""A rule, saved or not, is played to what has happened: what would it have done (A9)?

Nothing is written. The past is read case by case in small parts, so that memory stays flat,
and played by `run`, which may be another thread: the service answers others meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from math import inf
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import Connection

from services.contracts.errors import InvalidRequest, NotFound
from services.contracts.reading import read
from services.contracts.rules import Rehearsal, Rule, TryRule, WouldFire
from services.messaging.transaction import Transactions
from services.rules import calendars, metrics, past_events, queries
from services.rules.actions.save_rule import check_calendars
from services.rules.case_directory import CaseDirectory
from services.rules.model.deadlines import with_moments
from services.rules.model.played import Part, Tally, play_events, play_standing
from services.rules.model.references import OUR_OWN, references_of
from services.rules.model.rehearsal import Hit, Script, ShortBook
from services.rules.model.rulebook import ready, rulebook
from services.rules.model.saving import changed_rule
from services.rules.model.schedule import is_timed
from services.rules.model.transition import states_to_wait_in
from services.rules.model.would_change import would_change
from services.rules.queries import LARGEST_ID
from services.runtime.clock import now
from services.runtime.database import Database

CASES_AT_ONCE = 250
FEWER = "ask for fewer days, or for one state"
NEW = {"name": "a new rule"}  # a form can be tried before it has a name

Run = Callable[..., Part]
log = structlog.get_logger()


def at_once(work: Callable[..., Part], *given: Any) -> Part:
    """Play in this thread."""
    return work(*given)


def try_rule(
    transactions: Transactions,
    cases: CaseDirectory,
    question: Mapping[str, Any],
    run: Run = at_once,
    patience_seconds: float = inf,
) -> Rehearsal:
    """Answer the contract's TryRule. Raises InvalidRequest, NotFound.

    InvalidRequest it is, too, when it takes longer than the patience of who asks.
    """
    deadline = monotonic() + patience_seconds
    asked = read(TryRule, question, "question")
    database = transactions.database
    with database.read() as connection:
        rule = _rule(connection, asked)
    named = [reference for reference in references_of(rule) if reference.kind != OUR_OWN]
    names = {(one.kind, one.id): one.name for one in cases.entries_of(named)}
    with database.read() as connection:
        check_calendars(connection, rule)
        script = _script(connection, rule, asked, names)
        known_since = past_events.oldest(connection)
    tally = Tally(asked.limit)
    for work in _works(database, script):
        if monotonic() > deadline:
            raise InvalidRequest(
                "days", f"so much cannot be tried in {patience_seconds:g} s: {FEWER}"
            )
        tally.add(run(*work, asked.limit))
        time.sleep(0)  # lets the other green threads of the process run
    metrics.REHEARSALS.inc()
    if tally.unreadable:
        log.warning("past events cannot be read", number=tally.unreadable)
    return Rehearsal(
        count=tally.count,
        cases=tally.cases,
        judged_cases=tally.judged_cases,
        since=script.since,
        until=script.until,
        known_since=known_since if known_since and known_since > script.since else None,
        items=tuple(_told(hit, script) for hit in tally.latest),
    )


def _rule(connection: Connection, asked: TryRule) -> Rule:
    """The rule as it would be saved, and switched on. A new one comes behind its equals."""
    if asked.id is None:
        fields = {**asked.fields, "name": asked.fields.get("name") or NEW["name"]}
        rule = changed_rule(None, fields).model_copy(update={"id": LARGEST_ID})
    else:
        found = queries.find_rule(connection, asked.id)
        if found is None:
            raise NotFound("rule", asked.id)
        rule = changed_rule(found, asked.fields)
    return rule.model_copy(update={"active": True})


def _script(
    connection: Connection, rule: Rule, asked: TryRule, names: Mapping[tuple[str, int], str]
) -> Script:
    until = now()
    others = [one for one in queries.all_rules(connection) if one.stop and one.id != rule.id]
    times = calendars.working_times(connection)
    all_names = {**queries.names(connection), **names}
    return Script(
        ready=ready(rule, times),
        book=ShortBook(**vars(rulebook(0, [*others, rule], all_names, times))),
        since=until - timedelta(days=asked.days),
        until=until,
    )


def _works(database: Database, script: Script) -> Iterator[tuple[Any, ...]]:
    """What is to be played, part by part; no connection is held in between."""
    timed = is_timed(script.ready.rule)
    with database.read() as connection:
        numbers = past_events.cases_between(connection, script.since, script.until)
    for start in range(0, len(numbers), CASES_AT_ONCE):
        some = numbers[start : start + CASES_AT_ONCE]
        # A timed rule may have begun to wait for the case before.
        behind = None if timed else script.since
        with database.read() as connection:
            rows = past_events.events_of(connection, some, behind, script.until)
        yield play_events, script, rows
    if timed:
        yield from _standing(database, script, numbers)


def _standing(
    database: Database, script: Script, numbers: Sequence[int]
) -> Iterator[tuple[Any, ...]]:
    """The cases to which nothing happened, but for which a timed rule may have waited."""
    told, last = frozenset(numbers), 0
    states = states_to_wait_in(script.ready.rule.criteria)
    while True:
        with database.read() as connection:
            rows = past_events.cases_as_they_stand(connection, states, last, CASES_AT_ONCE)
        if not rows:
            return
        last = rows[-1].case_number
        yield play_standing, script, [row for row in rows if row.case_number not in told]


def _told(hit: Hit, script: Script) -> WouldFire:
    rule, book = script.ready.rule, script.book
    actions = with_moments(rule.actions, hit.case, hit.at, book.calendars)
    return WouldFire(
        case_number=hit.case.number,
        subject=hit.case.subject,
        at=hit.at,
        why=hit.why,
        changes=would_change(actions, hit.case, book.names),
    )
