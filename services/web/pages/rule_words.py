"""A rule as a sentence: when it fires, for which cases, and what it does."""

from __future__ import annotations

from dataclasses import dataclass

from services.contracts import rules as r
from services.web.pages.action_words import action_words, span_words
from services.web.pages.criteria_words import Names, criteria_words
from services.web.pages.word_table import Words
from services.web.pages.words import STATES_WITHIN
from services.web.translation import gettext, gettext_noop, pgettext

# When a timed rule fires, by what it counts from.
AFTER = Words(
    {
        "creation": gettext_noop("%(span)s after a case was opened"),
        "last_action": gettext_noop("%(span)s after the last action on a case"),
        "deadline": gettext_noop("%(span)s after the deadline of a case"),
        "response_deadline": gettext_noop("%(span)s after the first answer to a case is due"),
        "start": gettext_noop("%(span)s after the start of a case"),
    }
)
BEFORE = Words(
    {
        "creation": gettext_noop("%(span)s before a case was opened"),
        "last_action": gettext_noop("%(span)s before the last action on a case"),
        "deadline": gettext_noop("%(span)s before the deadline of a case"),
        "response_deadline": gettext_noop("%(span)s before the first answer to a case is due"),
        "state": gettext_noop("%(span)s before a case came into its state"),
        "start": gettext_noop("%(span)s before the start of a case"),
    }
)
AT_ONCE = Words(
    {
        "creation": gettext_noop("When a case is opened"),
        "last_action": gettext_noop("At the last action on a case"),
        "deadline": gettext_noop("At the deadline of a case"),
        "response_deadline": gettext_noop("When the first answer to a case is due"),
        "start": gettext_noop("At the start of a case"),
    }
)


@dataclass(frozen=True)
class Sentence:
    """The parts of it: "When …", what must hold besides, and what is done, a phrase each.

    `joined_by` stands before the first criterion, `between` before each other.
    """

    when: str
    criteria: tuple[str, ...]
    actions: tuple[str, ...]
    joined_by: str = " and "
    between: str = " and "

    def __str__(self) -> str:
        """All of it: "When a case goes from any state to open and …, set priority to high."."""
        conditions = self.between.join(self.criteria)
        head = f"{self.when}{self.joined_by}{conditions}" if conditions else self.when
        return f"{head}{before_actions()} {and_list(self.actions) or gettext('do nothing')}."


def sentence(rule: r.Rule, names: Names) -> Sentence:
    """The rule in words; what is not chosen yet reads as "…"."""
    actions = [action_words(action, names) for action in rule.actions]
    if rule.stop:
        actions.append(gettext("let no later rule act"))
    conditional = rule.trigger.date in ("none", "state") or bool(_standing(rule.criteria))
    return Sentence(
        when=when_words(rule, names),
        criteria=tuple(criteria_words(rule.criteria, names)),
        actions=tuple(actions),
        joined_by=pgettext("between criteria", " and ") if conditional else gettext(", if "),
        between=pgettext("between criteria", " and "),
    )


def before_actions() -> str:
    """The sign between what a rule asks and what it does."""
    return pgettext("before what a rule does", ",")


def when_words(rule: r.Rule, names: Names) -> str:
    """The moment: "When a case goes from any state to open", "2 days after a case was opened"."""
    c, t = rule.criteria, rule.trigger
    if t.date == "none" or (t.date == "state" and not t.delay):
        return _event_words(c)
    span = span_words(abs(t.delay), t.unit, t.calendar_id, names)
    if t.date == "state":
        return _state_words(c, span)
    if not t.delay:
        return AT_ONCE[t.date] + _standing(c)
    return (AFTER if t.delay > 0 else BEFORE)[t.date] % {"span": span} + _standing(c)


def _state_words(c: r.Criteria, span: str) -> str:
    came = _came(c)
    if c.state_to == "any":
        if not came:
            return gettext("When a case has been in its state for %(span)s", span=span)
        return gettext(
            "When a case that %(came)s has been in its state for %(span)s", came=came, span=span
        )
    state = _state(c.state_to)
    if not came:
        return gettext("When a case has been %(state)s for %(span)s", state=state, span=span)
    return gettext(
        "When a case that %(came)s has been %(state)s for %(span)s",
        came=came,
        state=state,
        span=span,
    )


def _standing(c: r.Criteria) -> str:
    """The state a timed rule asks of its case: ", while it is open"; empty when it asks none."""
    came = _came(c)
    if c.state_to == "any":
        return gettext(", if it %(came)s", came=came) if came else ""
    state = _state(c.state_to)
    if not came:
        return gettext(", while it is %(state)s", state=state)
    return gettext(", while it is %(state)s and %(came)s", state=state, came=came)


def _came(c: r.Criteria) -> str:
    """Where the case of a timed rule must have come from; empty when that does not matter."""
    if c.state_from == "none":
        return gettext("was opened so")
    if c.state_from in ("any", c.state_to):
        return ""
    return gettext("came from %(state)s", state=_state(c.state_from))


def _event_words(c: r.Criteria) -> str:
    before, after = _state(c.state_from), _state(c.state_to)
    if c.state_from == "none" and c.state_to != "any":
        return gettext("When a case is opened as %(state)s", state=after)
    if c.state_from == c.state_to == "any":
        return gettext("Whenever a case is opened or changed")
    if c.state_from == c.state_to:
        return gettext("When a case changes and stays %(state)s", state=after)
    if c.state_from == "any":
        return gettext("When a case goes from any state to %(after)s", after=after)
    if c.state_to == "any":
        return _any_state_after(c)
    return gettext("When a case goes from %(before)s to %(after)s", before=before, after=after)


def _any_state_after(c: r.Criteria) -> str:
    if c.state_from == "none":
        return gettext("When a case is opened")
    before = _state(c.state_from)
    return gettext("When a case goes from %(before)s to any state", before=before)


def _state(code: str) -> str:
    return STATES_WITHIN.get(code) or code


def and_list(phrases: tuple[str, ...] | list[str]) -> str:
    """ "a, b and c"."""
    head, last = phrases[:-1], phrases[-1:]
    between = pgettext("before the last of a list", " and ")
    return between.join((", ".join(head), *last)) if head else "".join(last)
