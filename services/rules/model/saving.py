"""From the fields that a caller gives to a rule that makes sense, or a word on what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from services.contracts import rules
from services.contracts.errors import InvalidRequest
from services.contracts.rules import Criteria, Rule, SaveRule, Trigger
from services.rules.model.sense import check_sense

OWN = {"id", "version", "problem"}  # what a caller does not set
ACTIONS: dict[str, type[BaseModel]] = {
    model.model_fields["do"].default: model for model in get_args(get_args(rules.Action)[0])
}
NEW = Rule(id=0, name="new")
Model = TypeVar("Model", bound=BaseModel)


def read_command(command: Mapping[str, Any]) -> SaveRule:
    """The command. Raises InvalidRequest."""
    return _read(SaveRule, command)


def changed_rule(before: Rule | None, fields: Mapping[str, Any]) -> Rule:
    """The rule with these fields; those not given stay, or are the defaults of a new one.

    Raises InvalidRequest for a field that there is not, or whose value cannot be taken.
    """
    known = set(Rule.model_fields) - OWN
    _check_names("", fields, known)
    if before is None and "name" not in fields:
        raise InvalidRequest("name", "give the rule a name")
    _check_inner(fields)
    old = (before or NEW).model_dump(mode="json")
    rule = _read(Rule, {**old, **fields, "problem": ""})
    check_sense(rule)
    return _tidy(rule)


def _tidy(rule: Rule) -> Rule:
    """Tags are kept as cases keeps them."""
    criteria = rule.criteria
    if criteria.tag is not None:
        criteria = criteria.model_copy(update={"tag": _tag(criteria.tag)})
    actions = tuple(
        action.model_copy(update={"tags": tuple(dict.fromkeys(map(_tag, action.tags)))})
        if isinstance(action, rules.AddTags)
        else action
        for action in rule.actions
    )
    return rule.model_copy(update={"criteria": criteria, "actions": actions})


def _tag(text: str) -> str:
    return text.strip().casefold()


def _check_inner(fields: Mapping[str, Any]) -> None:
    """Contracts ignore what they do not know; a caller had better hear of it."""
    for name, model in (("criteria", Criteria), ("trigger", Trigger)):
        if isinstance(fields.get(name), Mapping):
            _check_names(f"{name}.", fields[name], model.model_fields)
    actions = fields.get("actions")
    for position, action in enumerate(actions if isinstance(actions, list | tuple) else ()):
        if isinstance(action, Mapping):
            _check_action(f"actions.{position}.", action)


def _check_action(at: str, action: Mapping[str, Any]) -> None:
    model = ACTIONS.get(str(action.get("do")))
    if model is None:
        raise InvalidRequest(f"{at}do", f"must be one of {', '.join(ACTIONS)}")
    _check_names(at, action, model.model_fields)


def _check_names(at: str, given: Mapping[str, Any], known: Iterable[str]) -> None:
    for name in given:
        if name not in known:
            raise InvalidRequest(f"{at}{name}", f"is not known; there are {', '.join(known)}")


def _read(model: type[Model], given: Mapping[str, Any]) -> Model:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        told = [(_place(one["loc"]), one["msg"]) for one in error.errors()]
        place = told[0][0]
        messages = dict.fromkeys(message for at, message in told if at == place)
        raise InvalidRequest(place, "; or: ".join(messages)) from error


def _place(location: tuple[int | str, ...]) -> str:
    """The field, without Pydantic's names for the ways in which it could have been read."""
    parts = [str(part) for part in location if part not in ACTIONS]
    return ".".join(part for part in parts if "[" not in part) or "command"
