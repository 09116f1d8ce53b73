"""One line of `then`: what a rule does, in the words of the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.rules.rule_file.lookup import NotThere

Find = Callable[[str, object], int]  # the id of a "user", "section" or "category" by its name


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


def _template(value: Any, find: Find) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotThere("send_template needs whom, subject and text")
    return {"do": "send_template", **value}


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
    "add_note": _plain("add_note", "text"),
    "escalate": _escalate,
}
