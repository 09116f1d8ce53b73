"""Which rules fire on an event (docs/decisions/0006)."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.contracts.cases import CaseData, CaseEvent
from services.contracts.rules import Rule
from services.rules.model.chain import is_own_effect, is_too_long, tells_of_a_stop
from services.rules.model.custom_fields import fields_changed
from services.rules.model.rulebook import ReadyRule, RuleBook
from services.rules.model.transition import holds_for_event, stays_in_state, words_for_event


@dataclass(frozen=True)
class Judged:
    """A rule that is for the event, and why."""

    rule: Rule
    why: tuple[str, ...]


@dataclass
class Judgement:
    """What comes of one event: rules that fire, those cut off, and those that broke."""

    fires: list[Judged] = field(default_factory=list)
    stopped: list[Judged] = field(default_factory=list)
    broken: list[tuple[Rule, Exception]] = field(default_factory=list)


def judge(event: CaseEvent, book: RuleBook) -> Judgement:
    """Judge the event by all rules without a date, in their order; a merged case by none.

    A rule that breaks does not hold up the others. One that says `stop` ends the judging
    when it fires.
    """
    judgement = Judgement()
    if tells_of_a_stop(event.cause) or event.data.case.merged_into is not None:
        return judgement
    too_long = is_too_long(event.cause)
    for ready in book.for_event(event.data):
        try:
            why = _why(event, ready, book)
        except Exception as error:  # noqa: BLE001  the caller records it and has it tried again
            judgement.broken.append((ready.rule, error))
            continue
        if why is None:
            continue
        (judgement.stopped if too_long else judgement.fires).append(Judged(ready.rule, why))
        if ready.rule.stop:
            break
    return judgement


def _why(event: CaseEvent, ready: ReadyRule, book: RuleBook) -> tuple[str, ...] | None:
    """The sentences of what holds, or None when the rule is not for this event."""
    data, rule = event.data, ready.rule
    if not holds_for_event(rule.criteria, data) or is_own_effect(rule, event.cause):
        return None
    if not _could_have_made_it_true(event, ready) or not ready.holds(data.case):
        return None
    return (*words_for_event(rule.criteria, data), *ready.words(data.case, book.names))


def _could_have_made_it_true(event: CaseEvent, ready: ReadyRule) -> bool:
    data = event.data
    if _is_transition(data):
        return True
    if stays_in_state(ready.rule.criteria):
        # Each event counts, but not the mere note that a rule did or did not act: rules
        # that only take notice of each other would never come to rest.
        return bool(data.changes) or event.actor.kind != "rule"
    changed = (field for change in data.changes for field in fields_changed(change))
    return any(field in ready.fields for field in changed)


def _is_transition(data: CaseData) -> bool:
    return data.state_before != data.case.state
