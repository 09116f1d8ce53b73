"""A rule as a sentence: when it fires, for which cases, and what it does."""

from __future__ import annotations

from dataclasses import dataclass

from services.contracts import rules as r
from services.web.pages.words import PRIORITIES, STATES

DATES = {
    "creation": "creation",
    "last_action": "last action",
    "deadline": "the deadline",
    "state": "the case came into its state",
}


@dataclass(frozen=True)
class Names:
    """What the ids of a rule are called."""

    sections: dict[int, str]
    users: dict[int, str]
    categories: dict[int, str]
    partner_categories: dict[int, str]
    kinds: dict[str, str]
    partners: dict[int, str]


def when_words(rule: r.Rule) -> str:
    """The moment: "When a case becomes Open", "2 days after creation, while Open"."""
    c, t = rule.criteria, rule.trigger
    if t.date == "none":
        return _event_words(c)
    unit = t.unit if abs(t.delay) != 1 else t.unit.rstrip("s")
    side = "after" if t.delay >= 0 else "before"
    moment = f"{abs(t.delay)} {unit} {side} {DATES[t.date]}" if t.delay else f"At {DATES[t.date]}"
    if c.state_to == "any":
        return moment
    return f"{moment}, while {STATES[c.state_to]}"


def _event_words(c: r.Criteria) -> str:
    if c.state_from == "none":
        return "When a case is opened" + (
            "" if c.state_to == "any" else f" as {STATES[c.state_to]}"
        )
    if c.state_from == "any" and c.state_to == "any":
        return "Whenever a case is opened or changed"
    if c.state_from == "any":
        return f"When a case becomes {STATES[c.state_to]}"
    if c.state_to == "any":
        return f"When a case leaves {STATES[c.state_from]}"
    if c.state_from == c.state_to:
        return f"When a case changes and stays {STATES[c.state_to]}"
    return f"When a case goes from {STATES[c.state_from]} to {STATES[c.state_to]}"


def criteria_words(c: r.Criteria, names: Names) -> list[str]:
    """What must hold besides the states, one phrase each."""
    found = []
    if c.section_id is not None:
        below = " or below it" if c.with_subsections else ""
        found.append(f"section is {_name(names.sections, c.section_id)}{below}")
    if c.category_id is not None:
        found.append(f"category is {_name(names.categories, c.category_id)}")
    if c.responsible_id is not None:
        found.append(f"responsible is {_name(names.users, c.responsible_id)}")
    if c.priority is not None:
        found.append(f"priority is {PRIORITIES[c.priority]}")
    if c.partner_id is not None:
        found.append(f"partner is {_name(names.partners, c.partner_id)}")
    if c.partner_category_id is not None:
        found.append(f"partner is in {_name(names.partner_categories, c.partner_category_id)}")
    if c.kind is not None:
        found.append(f"kind is {names.kinds.get(c.kind, c.kind)}")
    if c.subject_contains:
        found.append(f"subject contains “{c.subject_contains}”")
    return found


def action_words(action: r.Action, names: Names) -> str:
    """What one action does."""
    match action:
        case r.SetState():
            words = f"set the state to {STATES[action.state]}"
        case r.MoveToSection():
            words = f"move to section {_name(names.sections, action.section_id)}"
        case r.Assign():
            words = _assign_words(action, names)
        case r.SetPriority():
            words = f"set the priority to {PRIORITIES[action.priority]}"
        case r.SetCategory():
            words = f"set the category to {_name(names.categories, action.category_id)}"
        case r.AddWatchers():
            words = f"copy to {', '.join(action.addresses)}, who may answer"
        case r.Escalate():
            words = "escalate to the section above"
        case r.Remind() | r.SendTemplate() | r.AddNote():
            words = _writing_words(action)
    return words


def _assign_words(action: r.Assign, names: Names) -> str:
    if action.to == "user":
        return f"assign to {_name(names.users, action.user_id)}"
    return {
        "manager": "assign to the section's manager",
        "stand_in": "assign to the stand-in of an absent responsible",
        "round_robin": "assign to the section's members in turn",
        "least_loaded": "assign to the member with the fewest cases",
    }[action.to]


def _writing_words(action: r.Remind | r.SendTemplate | r.AddNote) -> str:
    match action:
        case r.Remind():
            attached = " with the discussion" if action.with_discussion else ""
            return f"remind the {action.whom} by mail{attached}"
        case r.SendTemplate():
            return f"send “{action.subject}” to the {action.whom}"
        case r.AddNote():
            return "add a note"


def _name(names: dict[int, str], id: int | None) -> str:
    return names.get(id, f"number {id}") if id is not None else "nobody"
