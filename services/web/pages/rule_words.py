"""A rule as a sentence: when it fires, for which cases, and what it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from services.contracts import rules as r
from services.web.pages.action_words import Named, action_words, name_of, span_words
from services.web.pages.words import PRIORITIES, STATES

# What a timed rule counts from, behind "2 days after".
DATES = {
    "creation": "a case was opened",
    "last_action": "the last action on a case",
    "deadline": "the deadline of a case",
    "response_deadline": "the first answer to a case is due",
    "state": "a case came into its state",
    "start": "the start of a case",
}
AT_ONCE = {
    "creation": "When a case is opened",
    "response_deadline": "When the first answer to a case is due",
}


@dataclass(frozen=True)
class Names:
    """What the ids of a rule are called; a field of a kind by its kind and code."""

    sections: Named
    users: Named
    categories: Named
    partner_categories: Named
    kinds: dict[str, str]
    partners: Named
    templates: Named = field(default_factory=dict)
    calendars: Named = field(default_factory=dict)
    fields: dict[tuple[str, str], str] = field(default_factory=dict)
    person_fields: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Sentence:
    """The parts of it: "When …", what must hold besides, and what is done, a phrase each."""

    when: str
    criteria: tuple[str, ...]
    actions: tuple[str, ...]
    joined_by: str = " and "

    def __str__(self) -> str:
        """All of it: "When a case goes from any state to open and …, set priority to high."."""
        conditions = " and ".join(self.criteria)
        head = f"{self.when}{self.joined_by}{conditions}" if conditions else self.when
        return f"{head}, {and_list(self.actions) or 'do nothing'}."


def sentence(rule: r.Rule, names: Names) -> Sentence:
    """The rule in words; what is not chosen yet reads as "…"."""
    actions = [action_words(action, names) for action in rule.actions]
    if rule.stop:
        actions.append("let no later rule act")
    conditional = rule.trigger.date in ("none", "state") or bool(_standing(rule.criteria))
    return Sentence(
        when=when_words(rule, names),
        criteria=tuple(criteria_words(rule.criteria, names)),
        actions=tuple(actions),
        joined_by=" and " if conditional else ", if ",
    )


def when_words(rule: r.Rule, names: Names) -> str:
    """The moment: "When a case goes from any state to open", "2 days after a case was opened"."""
    c, t = rule.criteria, rule.trigger
    if t.date == "none" or (t.date == "state" and not t.delay):
        return _event_words(c)
    span = span_words(abs(t.delay), t.unit, t.calendar_id, names)
    if t.date == "state":
        came = f" that {_came(c)}" if _came(c) else ""
        state = _state(c.state_to) if c.state_to != "any" else "in its state"
        return f"When a case{came} has been {state} for {span}"
    if t.delay:
        moment = f"{span} {'after' if t.delay > 0 else 'before'} {DATES[t.date]}"
    else:
        moment = AT_ONCE.get(t.date) or f"At {DATES[t.date]}"
    return moment + _standing(c)


def _standing(c: r.Criteria) -> str:
    """The state a timed rule asks of its case: ", while it is open"; empty when it asks none."""
    came = _came(c)
    if c.state_to == "any":
        return f", if it {came}" if came else ""
    return f", while it is {_state(c.state_to)}" + (f" and {came}" if came else "")


def _came(c: r.Criteria) -> str:
    """Where the case of a timed rule must have come from; empty when that does not matter."""
    if c.state_from == "none":
        return "was opened so"
    return "" if c.state_from in ("any", c.state_to) else f"came from {_state(c.state_from)}"


def _event_words(c: r.Criteria) -> str:
    if c.state_from == "none":
        return "When a case is opened" + (
            "" if c.state_to == "any" else f" as {_state(c.state_to)}"
        )
    if c.state_from == "any" and c.state_to == "any":
        return "Whenever a case is opened or changed"
    if c.state_from == c.state_to:
        return f"When a case changes and stays {_state(c.state_to)}"
    return f"When a case goes from {_state(c.state_from)} to {_state(c.state_to)}"


def _state(code: str) -> str:
    return "any state" if code == "any" else STATES[code].lower()


def criteria_words(c: r.Criteria, names: Names) -> list[str]:
    """What must hold besides the states, one phrase each."""
    found = []
    if c.section_id is not None:
        below = " or below it" if c.with_subsections else ""
        found.append(f"its section is {name_of(names.sections, c.section_id)}{below}")
    if c.category_id is not None:
        found.append(f"its category is {name_of(names.categories, c.category_id)}")
    if c.responsible_id is not None:
        found.append(f"its responsible is {name_of(names.users, c.responsible_id)}")
    if c.priority is not None:
        found.append(f"its priority is {PRIORITIES[c.priority].lower()}")
    if c.partner_id is not None:
        found.append(f"its partner is {name_of(names.partners, c.partner_id)}")
    if c.partner_category_id is not None:
        found.append(
            f"its partner is in {name_of(names.partner_categories, c.partner_category_id)}"
        )
    return found + _content_words(c, names)


def _content_words(c: r.Criteria, names: Names) -> list[str]:
    found = []
    if c.kind is not None:
        found.append(f"its kind is {names.kinds.get(c.kind, c.kind)}")
    if c.subject_contains:
        found.append(f"its subject contains “{c.subject_contains}”")
    if c.tag:
        found.append(f"it is tagged “{c.tag}”")
    for code, value in c.custom.items():
        called = names.fields.get((c.kind or "", code), code)
        found.append(f"its {called} is {_custom_value(c.kind, code, value, names)}")
    return found


def _custom_value(kind: str | None, code: str, value: Any, names: Names) -> str:
    if (kind or "", code) in names.person_fields and isinstance(value, int):
        return name_of(names.users, value)
    return f"“{value}”" if isinstance(value, str) else str(value)


def and_list(phrases: tuple[str, ...] | list[str]) -> str:
    """ "a, b and c"."""
    head, last = phrases[:-1], phrases[-1:]
    return " and ".join((", ".join(head), *last)) if head else "".join(last)
