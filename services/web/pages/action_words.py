"""What each action of a rule does, in words; what is not chosen yet reads as "…"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from services.contracts import rules as r
from services.web.pages.words import PRIORITIES, STATES

Named = Mapping[int, str]
OPEN = "…"
WHOM = {"responsible": "the responsible", "partner": "the partner", "watchers": "the watchers"}


class ActionNames(Protocol):
    """What the ids of an action are called."""

    @property
    def sections(self) -> Named: ...
    @property
    def users(self) -> Named: ...
    @property
    def categories(self) -> Named: ...
    @property
    def templates(self) -> Named: ...
    @property
    def calendars(self) -> Named: ...


def action_words(action: r.Action, names: ActionNames) -> str:
    """What one action does."""
    match action:
        case r.SetState():
            words = f"set state to {STATES.get(action.state, OPEN).lower()}"
        case r.MoveToSection():
            words = f"move it to {name_of(names.sections, action.section_id)}"
        case r.Assign():
            words = _assign_words(action, names)
        case r.SetPriority():
            words = f"set priority to {PRIORITIES.get(action.priority, OPEN).lower()}"
        case r.SetCategory():
            words = f"set category to {name_of(names.categories, action.category_id)}"
        case r.AddWatchers():
            words = f"copy it to {_listed(action.addresses)}, who may answer"
        case r.AddTags():
            words = f"tag it {_listed(tuple(f'“{tag}”' for tag in action.tags))}"
        case r.Escalate():
            words = "escalate it to the section above"
        case r.SetDeadline():
            words = _deadline_words(action, names)
        case r.Remind() | r.SendTemplate() | r.AddNote():
            words = _writing_words(action, names)
    return words


def span_words(count: int, unit: str, calendar_id: int | None, names: ActionNames) -> str:
    """ "2 days", or "4 working hours (Office)" where it is counted on a calendar."""
    noun = unit if count != 1 else unit.rstrip("s")
    if calendar_id is None:
        return f"{count} {noun}"
    working = "" if unit == "months" else "working "
    return f"{count} {working}{noun} ({name_of(names.calendars, calendar_id)})"


def name_of(names: Named, id: int | None) -> str:
    """The name of this id; its number where it is not known, "…" for none."""
    return names.get(id, f"number {id}") if id is not None else OPEN


def _assign_words(action: r.Assign, names: ActionNames) -> str:
    if action.to == "user":
        return f"assign it to {name_of(names.users, action.user_id)}"
    return {
        "manager": "assign it to its section's manager",
        "stand_in": "assign it to the stand-in of an absent responsible",
        "round_robin": "assign it to its section's members in turn",
        "least_loaded": "assign it to the member of its section with the fewest cases",
    }[action.to]


def _deadline_words(action: r.SetDeadline, names: ActionNames) -> str:
    what = "the first answer" if action.which == "response" else "it"
    span = span_words(action.delay, action.unit, action.calendar_id, names)
    if action.since == "now":
        return f"make {what} due {f'in {span}' if action.delay else 'at once'}"
    return f"make {what} due {f'{span} after' if action.delay else 'at'} its opening"


def _writing_words(action: r.Remind | r.SendTemplate | r.AddNote, names: ActionNames) -> str:
    match action:
        case r.Remind():
            attached = " with the discussion" if action.with_discussion else ""
            return f"remind {WHOM[action.whom]} by mail{attached}"
        case r.SendTemplate(template_id=int(id)):
            return f"send {WHOM[action.whom]} the mail {name_of(names.templates, id)}"
        case r.SendTemplate():
            return f"send {WHOM[action.whom]} “{action.subject or OPEN}”"
        case r.AddNote():
            return f"note “{_short(action.text)}”"


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(values) or OPEN


def _short(text: str) -> str:
    line = " ".join(text.split())
    return (line if len(line) <= 60 else line[:59] + "…") or OPEN
