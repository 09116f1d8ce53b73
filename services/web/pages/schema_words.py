"""JSON Schema as people read it: the type of a field in a few words, and its bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from services.web.pages.word_table import Words
from services.web.translation import gettext, gettext_noop, pgettext, pgettext_noop

Schema = Mapping[str, Any]
# Of JSON Schema's types, "" for none given; what is not here is told as it is.
NAMES = Words(
    {
        "": pgettext_noop("type of a value", "anything"),
        "integer": pgettext_noop("type of a value", "whole number"),
        "number": pgettext_noop("type of a value", "number"),
        "boolean": pgettext_noop("type of a value", "true or false"),
    }
)
FORMATS = Words(
    {
        "": pgettext_noop("type of a value", "text"),
        "date-time": pgettext_noop("type of a value", "moment"),
        "date": pgettext_noop("type of a value", "day"),
        "binary": pgettext_noop("type of a value", "file"),
    }
)
BOUNDS = Words(
    {
        "minLength": gettext_noop("at least %(value)s characters"),
        "maxLength": gettext_noop("at most %(value)s characters"),
        "minimum": pgettext_noop("least number", "from %(value)s"),
        "maximum": pgettext_noop("greatest number", "to %(value)s"),
        "minItems": gettext_noop("at least %(value)s of them"),
        "maxItems": gettext_noop("at most %(value)s of them"),
        "pattern": pgettext_noop("a pattern", "like %(value)s"),
    }
)


@dataclass(frozen=True)
class Field:
    """A row of a table of fields. `place` is where a parameter goes: path, query or header."""

    name: str
    type: str
    required: bool
    description: str = ""
    place: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A named schema with its fields."""

    name: str
    description: str
    fields: tuple[Field, ...]


def fields_of(wanted: Iterable[Schema], schemas: Schema) -> list[Part]:
    """The named schemas that these lead to, each once, the nearest first."""
    names = [name for schema in wanted for name in _named(schema)]
    for name in names:
        names += [inner for inner in _named(schemas[name]) if inner not in names]
    return [_part(name, schemas[name]) for name in dict.fromkeys(names)]


def type_of(schema: Schema) -> str:
    """In words: "text, at most 200 characters, or null"."""
    choices = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    if choices:
        return reduce(_or, (type_of(one) for one in choices))
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return _quoted(schema["const"])
    if "enum" in schema:
        told = ", ".join(_quoted(one) for one in schema["enum"])
        return gettext("one of %(choices)s", choices=told)
    return ", ".join([_simple(schema), *_bounds(schema)])


def _simple(schema: Schema) -> str:
    kind = schema.get("type")
    if kind == "array":
        inner = schema.get("items")
        if inner:
            return gettext("list of %(type)s", type=type_of(inner))
        return pgettext("type of a value", "list")
    if kind == "object":
        inner = schema.get("additionalProperties")
        if isinstance(inner, dict) and inner:
            return gettext("object of %(type)s", type=type_of(inner))
        return pgettext("type of a value", "object")
    if kind == "string":
        return FORMATS.get(str(schema.get("format", "")), FORMATS[""])
    return NAMES.get(kind or "", str(kind))


def _bounds(schema: Schema) -> list[str]:
    found = [_bound(name, schema[name]) for name in BOUNDS if name in schema]
    if schema.get("default") not in (None, "", [], {}):
        found.append(gettext("else %(value)s", value=schema["default"]))
    return found


def _bound(name: str, value: object) -> str:
    if name == "minLength" and value == 1:
        return gettext("not empty")
    return BOUNDS[name] % {"value": value}


def _or(one: str, other: str) -> str:
    return gettext("%(one)s or %(other)s", one=one, other=other)


def _quoted(value: object) -> str:
    return gettext("“%(text)s”", text=value)


def _named(schema: Any) -> list[str]:
    """The names of the schemas that this one refers to."""
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            return [str(schema["$ref"]).rpartition("/")[2]]
        inner = [one for name, one in schema.items() if name not in ("examples", "discriminator")]
        return [name for one in inner for name in _named(one)]
    if isinstance(schema, list):
        return [name for one in schema for name in _named(one)]
    return []


def _part(name: str, schema: Schema) -> Part:
    required = schema.get("required", ())
    return Part(
        name=name,
        description=str(schema.get("description", "")),
        fields=tuple(
            Field(
                name=field,
                type=type_of(told),
                required=field in required,
                description=str(told.get("description", "")),
                parts=tuple(dict.fromkeys(_named(told))),
            )
            for field, told in schema.get("properties", {}).items()
        ),
    )
