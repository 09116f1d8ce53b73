"""The language of predefined mails: a small part of Jinja, safe to let people write.

A template sees `case` with the plain values below and nothing else. It has no calls, no
arithmetic and no way to an object behind a value, so it can neither read a secret nor run for
long. The rules service checks templates with it, the cases service fills them in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.contracts.errors import InvalidRequest

LONGEST_RESULT = 100_000
LONGEST_VALUE = 10_000  # of a text of the case; a longer one is cut
LISTS = ("watchers", "tags", "custom")
OF_A_LOOP = frozenset({"index", "first", "last", "length"})
FIELDS = (
    "number",
    "subject",
    "description",
    "state",
    "kind",
    "priority",
    "section",
    "category",
    "responsible",
    "partner",
    "contact",
    "contact_address",
    "watchers",
    "tags",
    "currency",
    "estimated_revenue",
    "estimated_cost",
    "probability",
    "created_at",
    "last_action_at",
    "deadline",
    "response_deadline",
    "start",
    "duration_minutes",
    "minutes_spent",
    "custom",
    "last_message",
)
FILTERS = frozenset(
    {"capitalize", "default", "first", "join", "last", "length", "lower", "title", "trim"}
    | {"truncate", "upper", "round", "date", "time"}
)
TESTS = frozenset({"defined", "none", "number", "string", "even", "odd"})
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Filter,
    nodes.Keyword,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.If,
    nodes.For,
    nodes.CondExpr,
    nodes.List,
    nodes.Concat,
)


class _Language(ImmutableSandboxedEnvironment):
    """Jinja whose values are data: a name behind a point is a key, never an attribute."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in OF_A_LOOP:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)


def _shown(value: Any) -> Any:
    """What is not there leaves a gap; a moment reads as people write it."""
    if value is None:
        return ""
    return value.strftime("%Y-%m-%d %H:%M UTC") if isinstance(value, datetime) else value


def _told_as(value: Any, pattern: str) -> Any:
    """A moment in that form; what is none stays as it is (a custom date is a text already)."""
    return value.strftime(pattern) if isinstance(value, datetime) else _shown(value)


_JINJA = _Language(undefined=StrictUndefined, finalize=_shown, autoescape=False)
_JINJA.filters["date"] = lambda value: _told_as(value, "%Y-%m-%d")
_JINJA.filters["time"] = lambda value: _told_as(value, "%H:%M")


def check_template(field: str, template: str) -> None:
    """Raises InvalidRequest for `field` when the template says what the language does not have."""
    try:
        tree = _JINJA.parse(template)
    except TemplateError as error:
        raise InvalidRequest(field, f"the template cannot be read: {error}") from error
    _check_node(field, tree, frozenset({"case"}))


def fill_in(field: str, template: str, case: Mapping[str, Any]) -> str:
    """The text that the template makes of these values.

    Raises InvalidRequest for `field` when it cannot be filled in, or comes out too long.
    """
    check_template(field, template)
    try:
        return _rendered(field, template, _cut(case))
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        raise InvalidRequest(field, f"the template cannot be filled in: {error}") from error


def _rendered(field: str, template: str, case: Mapping[str, Any]) -> str:
    pieces: list[str] = []
    room = LONGEST_RESULT
    for piece in _JINJA.from_string(template).generate(case=case):
        room -= len(piece)
        if room < 0:
            raise InvalidRequest(field, f"the template makes more than {LONGEST_RESULT} characters")
        pieces.append(piece)
    return "".join(pieces)


def _cut(value: Any) -> Any:
    """The value with its long texts cut, so that no template makes much of them."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
    if isinstance(value, Mapping):
        return {key: _cut(one) for key, one in value.items()}
    return [_cut(one) for one in value] if isinstance(value, list | tuple) else value


def _check_node(field: str, node: nodes.Node, names: frozenset[str]) -> None:
    problem = _problem(node, names)
    if problem:
        line = getattr(node, "lineno", 1)
        raise InvalidRequest(field, f"line {line} of the template: {problem}")
    if isinstance(node, nodes.For):
        names |= {"loop"} | {one.name for one in node.find_all(nodes.Name) if one.ctx == "store"}
    for child in node.iter_child_nodes():
        _check_node(field, child, names)


def _problem(node: nodes.Node, names: frozenset[str]) -> str | None:
    """What is wrong with this part by itself, or None."""
    found: str | None = None
    match node:
        case nodes.Name(ctx="load", name=name) if name not in names:
            found = f"a template knows only `case`, not {name}"
        case nodes.Getattr(attr=attr) | nodes.Getitem(arg=nodes.Const(value=str(attr))) if (
            attr.startswith("_")
        ):
            found = f"there is nothing called {attr}"
        case nodes.Getattr(node=nodes.Name(name="case"), attr=attr) if attr not in FIELDS:
            found = f"a case has no {attr}; it has {', '.join(FIELDS)}"
        case nodes.Getattr(
            node=nodes.Getattr(node=nodes.Name(name="case"), attr=outer), attr=attr
        ) if outer != "custom":
            found = f"case.{outer} has no {attr}: it is a text already"
        case nodes.Getitem(arg=arg) if not isinstance(arg, nodes.Const):
            found = "name what you want in brackets, such as case.custom['serial']"
        case nodes.Filter(name=name) if name not in FILTERS:
            found = f"there is no filter {name}; there are {', '.join(sorted(FILTERS))}"
        case nodes.Test(name=name) if name not in TESTS:
            found = f"there is no test {name}; there are {', '.join(sorted(TESTS))}"
        case nodes.For(iter=nodes.Getattr(node=nodes.Name(name="case"), attr=attr)) if (
            attr in LISTS and "loop" not in names and not node.recursive
        ):
            found = None
        case nodes.For():
            found = f"loop over one of case.{', case.'.join(LISTS)}, and not inside a loop"
        case _ if not isinstance(node, _ALLOWED):
            found = f"a template cannot use {type(node).__name__.lower()} here"
    return found
