"""What each action of a rule does, in words; what is not chosen yet reads as "…"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from services.contracts import rules as r
from services.web.pages.rule_spans import plain_span, working_span
from services.web.pages.word_table import Words
from services.web.pages.words import PRIORITIES_WITHIN, STATES_WITHIN
from services.web.translation import gettext, gettext_noop, pgettext_noop

Named = Mapping[int, str]
OPEN = "…"
WHOM = Words(
    {
        "responsible": pgettext_noop("remind …", "the responsible"),
        "partner": pgettext_noop("remind …", "the partner"),
        "watchers": pgettext_noop("remind …", "the watchers"),
    }
)
TO_WHOM = Words(
    {
        "responsible": pgettext_noop("send … a mail", "the responsible"),
        "partner": pgettext_noop("send … a mail", "the partner"),
        "watchers": pgettext_noop("send … a mail", "the watchers"),
    }
)
ASSIGNMENTS = Words(
    {
        "manager": pgettext_noop("within a sentence", "assign it to its section's manager"),
        "stand_in": pgettext_noop(
            "within a sentence", "assign it to the stand-in of an absent responsible"
        ),
        "round_robin": pgettext_noop(
            "within a sentence", "assign it to its section's members in turn"
        ),
        "least_loaded": pgettext_noop(
            "within a sentence", "assign it to the member of its section with the fewest cases"
        ),
    }
)


DEADLINE = Words(
    {
        "now, later": gettext_noop("make it due in %(span)s"),
        "now, at once": gettext_noop("make it due at once"),
        "creation, later": gettext_noop("make it due %(span)s after its opening"),
        "creation, at once": gettext_noop("make it due at its opening"),
    }
)
FIRST_ANSWER = Words(
    {
        "now, later": gettext_noop("make the first answer due in %(span)s"),
        "now, at once": gettext_noop("make the first answer due at once"),
        "creation, later": gettext_noop("make the first answer due %(span)s after its opening"),
        "creation, at once": gettext_noop("make the first answer due at its opening"),
    }
)


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
        case r.MoveToSection():
            name = name_of(names.sections, action.section_id)
            words = gettext("move it to %(section)s", section=name)
        case r.Assign():
            words = _assign_words(action, names)
        case r.SetState() | r.SetPriority() | r.SetCategory():
            words = _setting_words(action, names)
        case r.AddWatchers():
            words = gettext(
                "copy it to %(addresses)s, who may answer", addresses=_listed(action.addresses)
            )
        case r.AddTags():
            tags = tuple(gettext("“%(text)s”", text=tag) for tag in action.tags)
            words = gettext("tag it %(tags)s", tags=_listed(tags))
        case r.Escalate():
            words = gettext("escalate it to the section above")
        case r.SetDeadline():
            words = _deadline_words(action, names)
        case r.Remind() | r.SendTemplate() | r.AddNote():
            words = _writing_words(action, names)
    return words


def span_words(count: int, unit: str, calendar_id: int | None, names: ActionNames) -> str:
    """ "2 days", or "4 working hours (Office)" where it is counted on a calendar."""
    if calendar_id is None:
        return plain_span(count, unit)
    span = plain_span(count, unit) if unit == "months" else working_span(count, unit)
    return gettext("%(span)s (%(name)s)", span=span, name=name_of(names.calendars, calendar_id))


def name_of(names: Named, id: int | None) -> str:
    """The name of this id; its number where it is not known, "…" for none."""
    if id is None:
        return OPEN
    return names.get(id) or gettext("number %(id)s", id=id)


def _setting_words(action: r.SetState | r.SetPriority | r.SetCategory, names: ActionNames) -> str:
    match action:
        case r.SetState():
            return gettext("set state to %(state)s", state=STATES_WITHIN.get(action.state) or OPEN)
        case r.SetPriority():
            priority = PRIORITIES_WITHIN.get(action.priority) or OPEN
            return gettext("set priority to %(priority)s", priority=priority)
        case r.SetCategory():
            name = name_of(names.categories, action.category_id)
            return gettext("set category to %(category)s", category=name)


def _assign_words(action: r.Assign, names: ActionNames) -> str:
    if action.to == "user":
        return gettext("assign it to %(name)s", name=name_of(names.users, action.user_id))
    return ASSIGNMENTS[action.to]


def _deadline_words(action: r.SetDeadline, names: ActionNames) -> str:
    known = FIRST_ANSWER if action.which == "response" else DEADLINE
    words = known[f"{action.since}, {'later' if action.delay else 'at once'}"]
    span = span_words(action.delay, action.unit, action.calendar_id, names)
    return words % {"span": span} if action.delay else words


def _writing_words(action: r.Remind | r.SendTemplate | r.AddNote, names: ActionNames) -> str:
    match action:
        case r.Remind(with_discussion=True):
            return gettext("remind %(whom)s by mail with the discussion", whom=WHOM[action.whom])
        case r.Remind():
            return gettext("remind %(whom)s by mail", whom=WHOM[action.whom])
        case r.SendTemplate(template_id=int(id)):
            name = name_of(names.templates, id)
            return gettext("send %(whom)s the mail %(name)s", whom=TO_WHOM[action.whom], name=name)
        case r.SendTemplate():
            subject = action.subject or OPEN
            return gettext(
                "send %(whom)s “%(subject)s”", whom=TO_WHOM[action.whom], subject=subject
            )
        case r.AddNote():
            return gettext("note “%(text)s”", text=_short(action.text))


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(values) or OPEN


def _short(text: str) -> str:
    line = " ".join(text.split())
    return (line if len(line) <= 60 else line[:59] + "…") or OPEN
