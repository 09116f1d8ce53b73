"""One line of `then`: what a rule does, in the words of the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.rules.rule_file.lookup import NotThere

Find = Callable[[str, object], int]  # the id of a "user", "section", "template" … by its name


def action_of(line: Any, find: Find) -> dict[str, Any]:
    """The contract's action of a line such as `set_priority: high`. Raises NotThere."""
    if line == "escalate":
        return {"do": "escalate"}
    if not isinstance(line, dict) or len(line) != 1:
        raise NotThere(f"write one of {', '.join(THEN)} in each line")
    (word, value) = next(iter(line.items()))
    if word not in THEN:
        raise NotThere(f"{word} is not known; there are {', '.join(THEN)}")
    return THEN[word](value, find)


def _move(value: Any, find: Find) -> dict[str, Any]:
    return {"do": "move_to_section", "section_id": find("section", value)}


def _assign(value: Any, find: Find) -> dict[str, Any]:
    return {"do": "assign", "to": "user", "user_id": find("user", value)}


def _assign_by(value: Any, find: Find) -> dict[str, Any]:
    return {"do": "assign", "to": value}


def _category(value: Any, find: Find) -> dict[str, Any]:
    return {"do": "set_category", "category_id": find("category", value)}


def _remind(value: Any, find: Find) -> dict[str, Any]:
    return {"do": "remind", **(value if isinstance(value, dict) else {"whom": value})}


def _watchers(value: Any, find: Find) -> dict[str, Any]:
    return {"do": "add_watchers", "addresses": [value] if isinstance(value, str) else value}


def _tags(value: Any, find: Find) -> dict[str, Any]:
    return {"do": "add_tags", "tags": [value] if isinstance(value, str) else value}


def _template(value: Any, find: Find) -> dict[str, Any]:
    """By the name of a template, which may stand alone; or with a subject and a text."""
    given = {"template": value} if isinstance(value, str) else value
    if not isinstance(given, dict):
        raise NotThere("write the template's name, or whom with template, or subject and text")
    return {"do": "send_template", **_with_id(given, "template", find)}


def _deadline(value: Any, find: Find) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotThere("write which, since, delay, unit and calendar, as far as they are not usual")
    return {"do": "set_deadline", **_with_id(value, "calendar", find)}


def _with_id(given: dict[str, Any], kind: str, find: Find) -> dict[str, Any]:
    """What was given, with the id of what it names."""
    rest = {key: one for key, one in given.items() if key != kind}
    return {**rest, f"{kind}_id": find(kind, given[kind])} if kind in given else rest


def _escalate(value: Any, find: Find) -> dict[str, Any]:
    if value is not True:
        raise NotThere("write only “escalate”")
    return {"do": "escalate"}


def _plain(do: str, field: str) -> Callable[[Any, Find], dict[str, Any]]:
    return lambda value, find: {"do": do, field: value}


THEN: dict[str, Callable[[Any, Find], dict[str, Any]]] = {
    "set_state": _plain("set_state", "state"),
    "move_to_section": _move,
    "assign": _assign,
    "assign_by": _assign_by,
    "set_priority": _plain("set_priority", "priority"),
    "set_category": _category,
    "remind": _remind,
    "add_watchers": _watchers,
    "send_template": _template,
    "set_deadline": _deadline,
    "add_tags": _tags,
    "add_note": _plain("add_note", "text"),
    "escalate": _escalate,
}
