"""One rule played to the past of one case: when it would have fired, and why (A9).

The same code judges that judges what happens now, and what happened is taken as it was: what
other rules and people did stays so. Only earlier rules that `stop` are asked once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.contracts.cases import CaseData, CaseEvent, CaseSnapshot
from services.rules.model.arming import Key, plan, waiting_of
from services.rules.model.chain import is_too_long
from services.rules.model.engine import judge
from services.rules.model.rulebook import ReadyRule, RuleBook
from services.rules.model.schedule import is_timed
from services.rules.model.transition import KnownCase
from services.rules.model.waiting import Due, Heard, learned, why_now


class ShortBook(RuleBook):
    """A book of few rules: to look at each costs less than to find those worth a look."""

    FEW: ClassVar[int] = 8

    def for_event(self, data: CaseData) -> list[ReadyRule]:
        """All rules without a date, where they are few."""
        if len(self.immediate) > self.FEW:
            return super().for_event(data)
        return list(self.immediate)


@dataclass(frozen=True)
class Script:
    """What is played: `ready` is the rule, `book` has it with the rules that could stop it.

    Only what it does behind `since` counts, up to `until`.
    """

    ready: ReadyRule
    book: RuleBook
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Hit:
    """One time that the rule would have fired, on the case as it stood."""

    at: datetime
    case: CaseSnapshot
    why: tuple[str, ...]


@dataclass(frozen=True)
class Played:
    """When the rule would have fired for a case, in the order of time.

    `waited` is whether it waited for a date at all; only a timed rule does.
    """

    hits: Sequence[Hit]
    waited: bool = False


@dataclass(frozen=True)
class Past:
    """The past of a case: how it `stood` when it begins, and its `events` by version.

    `stood` is None for a case of which nothing was known before; `begin` is from when on it
    stood so.
    """

    stood: KnownCase | None
    begin: datetime
    events: Sequence[CaseEvent] = ()


def play(script: Script, past: Past) -> Played:
    """Play the rule to one case. Where it breaks, it does nothing."""
    if is_timed(script.ready.rule):
        return _Waiting(script, past).play()
    hits: list[Hit] = []
    for event in past.events:
        for judged in judge(event, script.book).fires:
            if judged.rule.id == script.ready.rule.id:
                hits.append(Hit(event.occurred_at, event.data.case, judged.why))
    return Played(hits)


class _Waiting:
    """A timed rule that follows a case, and fires between its events as time passes."""

    def __init__(self, script: Script, past: Past) -> None:
        self._script = script
        self._past = past
        self._known = past.stood
        self._heard = _heard(past.stood)
        self._at = past.begin
        self._there: dict[Key, Due] = {}
        self._settled: set[tuple[int, int, str]] = set()
        self._is_cut = False  # it is due at once, at the end of too long a chain
        self._hits: list[Hit] = []

    def play(self) -> Played:
        self._arm(None)
        self._leave_alone()
        waited = bool(self._there)
        for event in self._past.events:
            self._pass_time(event.occurred_at)
            known = learned(self._heard, event)
            if known is not None:
                self._known, self._at = known, max(event.occurred_at, self._at)
                self._heard = _heard(known)
                self._arm(event)
                waited = waited or bool(self._there)
        # What happens at a moment comes before what is due at it; the end is still played.
        self._pass_time(None)
        return Played(self._hits, waited)

    def _arm(self, event: CaseEvent | None) -> None:
        """Let the due time follow the case; `event` is what it learned from."""
        if self._known is None:
            return
        found = waiting_of([(self._known, [self._script.ready])])
        made = plan(found, self._there, self._settled)
        for key in made.forget:
            del self._there[key]
        for due in made.wait:
            self._there[due.rule_id, due.case_number] = due
            at_once = event is not None and due.due_at <= event.occurred_at
            self._is_cut = at_once and event is not None and is_too_long(event.cause)

    def _leave_alone(self) -> None:
        """What was overdue when the play begins does not count."""
        for due in [due for due in self._there.values() if due.due_at <= self._at]:
            self._settle(due)

    def _pass_time(self, until: datetime | None) -> None:
        """Fire what falls due before this moment, or by the end of the play."""
        for due in list(self._there.values()):
            at = max(due.due_at, self._at)
            if at < until if until is not None else at <= self._script.until:
                self._settle(due)
                self._fire(at)

    def _fire(self, at: datetime) -> None:
        if self._known is None or self._is_cut:
            return
        try:
            why = why_now(self._script.ready, self._known, self._script.book.names)
        except Exception:  # noqa: BLE001  a rule that breaks does nothing, here as there
            return
        self._hits.append(Hit(at, self._known.case, why))

    def _settle(self, due: Due) -> None:
        del self._there[due.rule_id, due.case_number]
        self._settled.add((due.rule_id, due.case_number, due.episode))


def _heard(known: KnownCase | None) -> Heard | None:
    if known is None:
        return None
    return Heard(known.case.version, known.came_from, known.case.state_since)
