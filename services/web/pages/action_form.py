"""The actions in the form of a rule: `action` lists their keys in order, each has its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from werkzeug.datastructures import MultiDict

from services.contracts import rules as r
from services.web.pages.form import Form
from services.web.pages.word_table import Words
from services.web.pages.words import PRIORITIES, STATES
from services.web.translation import gettext, gettext_noop

Given = MultiDict[str, str]
Values = dict[str, Any]
Read = Callable[[Form, str], Values]

MODELS: dict[str, Any] = {
    model.model_fields["do"].default: model for model in get_args(get_args(r.Action)[0])
}
# What the list to choose from says, in the order it is shown.
TITLES = Words(
    {
        "set_state": gettext_noop("Set state"),
        "set_priority": gettext_noop("Set priority"),
        "set_category": gettext_noop("Set category"),
        "move_to_section": gettext_noop("Move to a section"),
        "assign": gettext_noop("Assign"),
        "escalate": gettext_noop("Escalate"),
        "remind": gettext_noop("Remind"),
        "add_watchers": gettext_noop("Copy to others (watchers)"),
        "send_template": gettext_noop("Send a mail"),
        "add_note": gettext_noop("Add a note"),
        "add_tags": gettext_noop("Add tags"),
        "set_deadline": gettext_noop("Set a deadline"),
    }
)
ASSIGN_TO = Words(
    {
        "user": gettext_noop("A user"),
        "manager": gettext_noop("The section's manager"),
        "stand_in": gettext_noop("The stand-in of an absent responsible"),
        "round_robin": gettext_noop("The section's members in turn"),
        "least_loaded": gettext_noop("The member with the fewest cases"),
    }
)
WHOM = Words(
    {
        "responsible": gettext_noop("The responsible"),
        "partner": gettext_noop("The partner"),
        "watchers": gettext_noop("The watchers"),
    }
)
UNITS = Words(
    {
        "minutes": gettext_noop("minutes"),
        "hours": gettext_noop("hours"),
        "days": gettext_noop("days"),
        "months": gettext_noop("months"),
    }
)
MOST_ACTIONS = 50


def keys(given: Given) -> list[str]:
    """The keys of the actions, in their order."""
    return given.getlist("action")[:MOST_ACTIONS]


def rearranged(given: Given, order: list[str]) -> Given:
    """The same form with these actions in this order, numbered from 0 as the service names them."""
    kept = MultiDict((n, v) for n, v in given.items(multi=True) if not _of_an_action(n))
    for position, key in enumerate(order):
        kept.add("action", str(position))
        for name, values in given.lists():
            if name.startswith(f"actions.{key}."):
                own = name.removeprefix(f"actions.{key}.")
                kept.setlist(f"actions.{position}.{own}", values)
    return kept


def with_action(given: Given, do: str) -> Given:
    """The form with one action more, at the end."""
    position = len(keys(given))
    more = given.copy()
    more.add("action", str(position))
    more.add(f"actions.{position}.do", do)
    for name, value in written(MODELS[do].model_construct(do=do)).items():
        more.setdefault(f"actions.{position}.{name}", value)
    return more


def written(action: r.Action) -> dict[str, str]:
    """What the fields of an action hold."""
    found: dict[str, str] = {}
    for name, value in dict(action).items():
        if isinstance(value, bool):
            found |= {name: "on"} if value else {}
        elif isinstance(value, tuple | list):
            found[name] = "\n".join(str(one) for one in value)
        elif value is not None:
            found[name] = str(value)
    return found


def read_actions(form: Form) -> list[Values]:
    """The actions as a command takes them; what is missing is noted in the form's errors."""
    found: list[Values] = []
    for key in keys(form.given):
        at = f"actions.{key}."
        do = form.choice(f"{at}do", MODELS)
        if do is not None:
            found.append({"do": do, **READERS[do](form, at)})
    return found


def drafted(action: Mapping[str, Any]) -> Any:
    """The action for the sentence, as far as it has been chosen."""
    model = MODELS[action["do"]]
    gaps = {n: () if n in ("addresses", "tags") else None for n in model.model_fields}
    filled = {n: f.default for n, f in model.model_fields.items() if not f.is_required()}
    return model.model_construct(**{**gaps, **filled, **action})


def _of_an_action(name: str) -> bool:
    return name == "action" or name.startswith("actions.")


def _needed(form: Form, name: str, value: Any, words: str) -> Any:
    if value in (None, "", ()):
        form.errors.setdefault(name, gettext(words))
    return value


def _choice(field: str, allowed: Mapping[str, str]) -> Read:
    def read(form: Form, at: str) -> Values:
        chosen = form.choice(at + field, allowed)
        return {field: _needed(form, at + field, chosen, gettext_noop("Choose one."))}

    return read


def _id(field: str) -> Read:
    def read(form: Form, at: str) -> Values:
        return {
            field: _needed(form, at + field, form.number(at + field), gettext_noop("Choose one."))
        }

    return read


def _lines(field: str, words: str) -> Read:
    """Several, one a line or with commas between."""

    def read(form: Form, at: str) -> Values:
        text = (form.text(at + field) or "").replace(",", "\n")
        found = tuple(line.strip() for line in text.split("\n") if line.strip())
        return {field: _needed(form, at + field, found, words)}

    return read


def _assign(form: Form, at: str) -> Values:
    to = form.choice(f"{at}to", ASSIGN_TO) or "user"
    return {"to": to, **(_id("user_id")(form, at) if to == "user" else {})}


def _remind(form: Form, at: str) -> Values:
    return {
        "whom": form.choice(f"{at}whom", ("responsible", "partner")) or "responsible",
        "with_discussion": form.flag(f"{at}with_discussion"),
        "text": form.text(f"{at}text") or "",
    }


def _send(form: Form, at: str) -> Values:
    whom = {"whom": form.choice(f"{at}whom", WHOM) or "partner"}
    template_id = form.number(f"{at}template_id")
    if template_id is not None:
        return whom | {"template_id": template_id}
    subject, text = form.text(f"{at}subject", longest=500), form.text(f"{at}text")
    _needed(form, f"{at}subject", subject, gettext_noop("Choose a template, or write a subject."))
    _needed(form, f"{at}text", text, gettext_noop("Write the text."))
    return whom | {"subject": subject or "", "text": text or ""}


def _note(form: Form, at: str) -> Values:
    return {
        "text": _needed(form, f"{at}text", form.text(f"{at}text"), gettext_noop("Write the note."))
        or ""
    }


def _deadline(form: Form, at: str) -> Values:
    delay = form.number(f"{at}delay", 0, 10_000)
    return {
        "which": form.choice(f"{at}which", ("response", "resolution")) or "resolution",
        "since": form.choice(f"{at}since", ("creation", "now")) or "creation",
        "delay": _needed(form, f"{at}delay", delay, gettext_noop("How long?")) or 0,
        "unit": form.choice(f"{at}unit", UNITS) or "days",
        "calendar_id": form.number(f"{at}calendar_id"),
    }


READERS: dict[str, Read] = {
    "set_state": _choice("state", STATES),
    "set_priority": _choice("priority", PRIORITIES),
    "set_category": _id("category_id"),
    "move_to_section": _id("section_id"),
    "assign": _assign,
    "escalate": lambda _form, _at: {},
    "remind": _remind,
    "add_watchers": _lines("addresses", gettext_noop("Write at least one address.")),
    "send_template": _send,
    "add_note": _note,
    "add_tags": _lines("tags", gettext_noop("Write at least one tag.")),
    "set_deadline": _deadline,
}
