"""Reading a body as strictly as the OpenAPI document says it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from apiflask.exceptions import _ValidationError
from apiflask.schema_adapters.pydantic import PydanticAdapter
from flask import Request, abort, g
from pydantic import BaseModel

Schema = Mapping[str, Any]
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
    "null": type(None),
}


class StrictBody(PydanticAdapter):
    """In a body "1" is no number and 0 is not false, as pydantic would have it."""

    def validate_input(self, request: Request, location: str, **how: Any) -> BaseModel:
        """The model in the request. Raises what APIFlask answers 422; aborts with 400, 415."""
        if location == "json" and request.mimetype and not request.is_json:
            abort(415)
        read: BaseModel = super().validate_input(request, location, **how)
        if location == "json":
            schema = _schema(self.model_class)
            wrong = list(_of_another_type(schema, schema, request.get_json(force=True)))
            if wrong:
                fields = {field or "_schema": [why] for field, why in wrong}
                raise _ValidationError(422, "Validation error", {"json": fields})
        return read

    def serialize_output(self, data: Any, many: bool = False) -> Any:
        """The answer as JSON takes it; where a list goes on is kept for its header."""
        if isinstance(data, BaseModel) and "next" in type(data).model_fields:
            g.next_page = getattr(data, "next", None)
        return super().serialize_output(data, many)


@cache
def _schema(model: type[BaseModel]) -> Schema:
    return model.model_json_schema()


def _of_another_type(
    whole: Schema, schema: Schema, value: Any, place: str = ""
) -> Iterator[tuple[str, str]]:
    """Each value that the schema has another type for: its place, and what to give there.

    Only types are looked at; all else the model has checked.
    """
    schema = _resolved(whole, schema)
    choices = _choices(schema, value)
    if choices:
        found = [list(_of_another_type(whole, one, value, place)) for one in choices]
        # The choice that has the least against it is the one that was meant.
        yield from min(found, key=len)
        return
    if not _is_of_type(schema.get("type"), value):
        yield place, f"give a value of the type {schema['type']}"
    for name, inner, one in _parts(schema, value):
        yield from _of_another_type(whole, inner, one, f"{place}.{name}".lstrip("."))


def _choices(schema: Schema, value: Any) -> list[Schema]:
    """What the value may be; where a field of it says which, that alone."""
    told_by = schema.get("discriminator")
    if told_by and isinstance(value, dict):
        return [{"$ref": told_by["mapping"][value[told_by["propertyName"]]]}]
    return [*schema.get("anyOf", ()), *schema.get("oneOf", ())]


def _resolved(whole: Schema, schema: Schema) -> Schema:
    while "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rpartition("/")[2]]
    return schema


def _is_of_type(wanted: str | None, value: Any) -> bool:
    if wanted is None:
        return True
    if wanted == "integer" and isinstance(value, float):
        return value.is_integer()  # JSON Schema has no other integers
    is_flag = isinstance(value, bool)
    return isinstance(value, TYPES[wanted]) and is_flag == (wanted == "boolean")


def _parts(schema: Schema, value: Any) -> Iterator[tuple[str, Schema, Any]]:
    """What is inside the value, with its name and its schema."""
    if isinstance(value, dict):
        more = schema.get("additionalProperties")
        for name, one in value.items():
            inner = schema.get("properties", {}).get(name, more)
            if isinstance(inner, dict):
                yield name, inner, one
    elif isinstance(value, list):
        first = schema.get("prefixItems", ())
        for number, one in enumerate(value):
            inner = first[number] if number < len(first) else schema.get("items")
            if isinstance(inner, dict):
                yield str(number), inner, one
