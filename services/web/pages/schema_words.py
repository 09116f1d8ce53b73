"""JSON Schema as people read it: the type of a field in a few words, and its bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
NAMES = {None: "anything", "integer": "whole number", "boolean": "true or false"}
FORMATS = {"date-time": "moment", "date": "day", "binary": "file"}
BOUNDS = (
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("minimum", "from {}"),
    ("maximum", "to {}"),
    ("minItems", "at least {} of them"),
    ("maxItems", "at most {} of them"),
    ("pattern", "like {}"),
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
        return " or ".join(type_of(one) for one in choices)
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return f"“{schema['const']}”"
    if "enum" in schema:
        return "one of " + ", ".join(f"“{one}”" for one in schema["enum"])
    return ", ".join([_simple(schema), *_bounds(schema)])


def _simple(schema: Schema) -> str:
    kind = schema.get("type")
    if kind == "array":
        inner = schema.get("items")
        return f"list of {type_of(inner)}" if inner else "list"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"object of {type_of(inner)}" if isinstance(inner, dict) and inner else "object"
    if kind == "string":
        return FORMATS.get(str(schema.get("format", "")), "text")
    return NAMES.get(kind, str(kind))


def _bounds(schema: Schema) -> list[str]:
    found = [words.format(schema[name]) for name, words in BOUNDS if name in schema]
    found = ["not empty" if one == "at least 1 characters" else one for one in found]
    if schema.get("default") not in (None, "", [], {}):
        found.append(f"else {schema['default']}")
    return found


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
