"""What the lists in the form of a rule offer: all that is active, and what is chosen already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict

from services.web.pages import action_form, rule_form
from services.web.pages.sections import in_tree_order
from services.web.pages.words import PRIORITIES, STATES
from services.web.wiring import Wiring

Options = list[tuple[Any, str]]


def choices(wiring: Wiring, given: MultiDict[str, str]) -> dict[str, Any]:
    """The options of every list by its name."""
    directory = wiring.directory
    chosen = set(given.values())
    kinds = directory.kinds()
    fields = rule_form.custom_fields(kinds, given.get("criteria.kind"))
    sections = [
        (one.id, "\u2003" * depth + one.name)
        for depth, one in in_tree_order(directory.sections())
        if one.active or str(one.id) in chosen
    ]
    return {
        "from": list(rule_form.FROM.items()),
        "to": list(rule_form.TO.items()),
        "states": list(STATES.items()),
        "priorities": list(PRIORITIES.items()),
        "sections": sections,
        "users": _offered(directory.users(), "id", "name", chosen),
        "categories": _offered(directory.categories(), "id", "path", chosen),
        "partner_categories": _offered(directory.partner_categories(), "id", "path", chosen),
        "kinds": _offered(kinds, "code", "name", chosen),
        "fields": fields,
        "field_choices": {one.code: [(text, text) for text in one.choices] for one in fields},
        "templates": _offered(wiring.templates.list_templates(), "id", "name", chosen),
        "calendars": _offered(wiring.calendars.list_calendars(), "id", "name", chosen),
        "dates": list(rule_form.DATES.items()),
        "units": list(action_form.UNITS.items()),
        "titles": action_form.TITLES,
        "assign_to": list(action_form.ASSIGN_TO.items()),
        "whom": list(action_form.WHOM.items()),
    }


def _offered(things: Iterable[Any], code: str, text: str, chosen: set[str]) -> Options:
    return [
        (getattr(one, code), getattr(one, text))
        for one in things
        if one.active or str(getattr(one, code)) in chosen
    ]
