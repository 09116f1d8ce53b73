"""From a rule as people write it to the fields of the contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.contracts.errors import InvalidRequest
from services.contracts.rules import Rule
from services.rules.model.references import OUR_OWN
from services.rules.model.saving import OWN, changed_rule
from services.rules.rule_file.lookup import Lookup, NotThere
from services.rules.rule_file.read import Draft
from services.rules.rule_file.then import THEN, action_of
from services.rules.store import Entry

NAMED = {
    "section": ("section_id", "section"),
    "category": ("category_id", "category"),
    "responsible": ("responsible_id", "user"),
    "partner": ("partner_id", "partner"),
    "partner_category": ("partner_category_id", "partner_category"),
}
PLAIN = (
    *("state_from", "state_to", "with_subsections", "priority", "kind", "subject_contains"),
    *("tag", "custom"),
)
TRIGGER = ("date", "delay", "unit", "calendar")
DEFAULTS = Rule(id=0, name="defaults").model_dump(mode="json", exclude=OWN)


@dataclass
class Translated:
    """The fields of a rule and what it names, or the mistakes in it."""

    name: str
    fields: dict[str, Any] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)


def translate(draft: Draft, lookup: Lookup) -> Translated:
    """All fields of the rule, those not written by their defaults. Raises ServiceAway."""
    made = Translated(draft.name)
    given: dict[str, Any] = {
        key: draft.given[key] for key in ("order", "active", "stop") if key in draft.given
    }

    def find(kind: str, name: object) -> int:
        entry = lookup.find(kind, name)
        if kind != OUR_OWN:
            made.entries.append(entry)
        return entry.id

    made.fields = {
        **DEFAULTS,
        **given,
        "name": draft.name,
        "criteria": _criteria(made, draft.given.get("when", {}), find),
        "trigger": _trigger(made, draft.given.get("trigger", {}), find),
        "actions": _actions(made, draft.given.get("then", []), find),
    }
    if not made.mistakes:
        _check(made)
    return made


def _criteria(made: Translated, when: Any, find: Callable[[str, object], int]) -> dict[str, Any]:
    criteria: dict[str, Any] = {}
    for key, value in _mapping(made, "when", when, (*NAMED, *PLAIN)).items():
        if key in PLAIN:
            criteria[key] = value
            continue
        name, kind = NAMED[key]
        try:
            criteria[name] = find(kind, value)
        except NotThere as error:
            made.mistakes.append(_mistake(made.name, f"when.{key}", str(error)))
    return criteria


def _trigger(made: Translated, trigger: Any, find: Callable[[str, object], int]) -> dict[str, Any]:
    given = dict(_mapping(made, "trigger", trigger, TRIGGER))
    if "calendar" in given:
        try:
            given["calendar_id"] = find("calendar", given.pop("calendar"))
        except NotThere as error:
            made.mistakes.append(_mistake(made.name, "trigger.calendar", str(error)))
    return given


def _actions(
    made: Translated, then: Any, find: Callable[[str, object], int]
) -> list[dict[str, Any]]:
    if not isinstance(then, list):
        what = f"write a list, each line one of {', '.join(THEN)}"
        made.mistakes.append(_mistake(made.name, "then", what))
        return []
    actions = []
    for number, one in enumerate(then, 1):
        try:
            actions.append(action_of(one, find))
        except NotThere as error:
            made.mistakes.append(_mistake(made.name, f"then.{number}", str(error)))
    return actions


def _mapping(made: Translated, at: str, given: Any, known: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        made.mistakes.append(_mistake(made.name, at, f"write “key: value” with {', '.join(known)}"))
        return {}
    for key in given:
        if key not in known:
            what = f"is not known; there are {', '.join(known)}"
            made.mistakes.append(_mistake(made.name, f"{at}.{key}", what))
    return {key: value for key, value in given.items() if key in known}


def _check(made: Translated) -> None:
    try:
        changed_rule(None, made.fields)
    except InvalidRequest as error:
        made.mistakes.append(_mistake(made.name, _place(error.field), error.what_to_do))


def _place(field: str) -> str:
    """Where in the file a field of the contract is written."""
    first, *rest = field.split(".")
    if first == "actions" and rest:
        return ".".join(["then", str(int(rest[0]) + 1), *rest[1:]])
    return ".".join([{"criteria": "when", "actions": "then"}.get(first, first), *rest])


def _mistake(name: str, at: str, what: str) -> str:
    return f"rule “{name}”: {at}: {what}"
