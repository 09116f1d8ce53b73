"""The schemas of the OpenAPI document, made of the models that routes take and answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import (
    GenerateJsonSchema,
    JsonSchemaMode,
    JsonSchemaValue,
    models_json_schema,
)
from pydantic_core import core_schema

REFERENCE = "#/components/schemas/{model}"
Model = type[BaseModel]
Wanted = tuple[Model, JsonSchemaMode]


class _Told(GenerateJsonSchema):
    """An answer has all its fields, whether a model could do without or not; no titles."""

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,
    ) -> bool:
        """Every field of what is answered."""
        return self.mode == "serialization" or super().field_is_required(field, total)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Nobody who reads an answer needs to know what a field would have been."""
        if self.mode == "serialization":
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def tuple_schema(self, schema: core_schema.TupleSchema) -> JsonSchemaValue:
        """A pair of the same is a list of two: all readers of such documents know that."""
        told = super().tuple_schema(schema)
        first = told.get("prefixItems", [])
        if first and all(one == first[0] for one in first) and told.get("maxItems") == len(first):
            told["items"] = told.pop("prefixItems")[0]
        return told

    def field_title_should_be_set(self, schema: Any) -> bool:
        """The name says it."""
        return False


class Schemas:
    """All of them, each once under its name; `ref` leads to one."""

    def __init__(self, wanted: Iterable[Wanted]) -> None:
        given = sorted(set(wanted), key=lambda one: (one[0].__name__, one[1]))
        self._refs, made = models_json_schema(given, ref_template=REFERENCE, schema_generator=_Told)
        self.definitions: dict[str, Any] = dict(made.get("$defs", {}))
        for schema in self.definitions.values():
            schema.pop("title", None)

    def ref(self, model: Model, mode: JsonSchemaMode) -> dict[str, Any]:
        """{"$ref": …} to the schema of what is taken ("validation") or answered."""
        return dict(self._refs[(model, mode)])

    def name(self, model: Model, mode: JsonSchemaMode) -> str:
        """The name that it stands under."""
        return str(self.ref(model, mode)["$ref"]).rpartition("/")[2]

    def leave_defaults_out(self, model: Model) -> None:
        """Of a change: a field that is left out stays as it is, and becomes no default."""
        schema = self.definitions[self.name(model, "validation")]
        for field in schema.get("properties", {}).values():
            field.pop("default", None)

    def leave_out(self, model: Model) -> None:
        """Of a query: its fields stand with the operation."""
        del self.definitions[self.name(model, "validation")]

    def parameters(self, model: Model) -> Iterator[dict[str, Any]]:
        """The fields of a query; in one there is no null, only nothing."""
        schema = self.definitions[self.name(model, "validation")]
        required = schema.get("required", ())
        for name, field in schema.get("properties", {}).items():
            told = _without_null(field)
            description = told.pop("description", "")
            yield {
                "name": name,
                "in": "query",
                "required": name in required,
                **({"description": description} if description else {}),
                "schema": told,
            }


def _without_null(field: dict[str, Any]) -> dict[str, Any]:
    told = dict(field)
    choices = [one for one in told.pop("anyOf", ()) if one != {"type": "null"}]
    if len(choices) == 1:
        told = {**choices[0], **told}
    elif choices:
        told["anyOf"] = choices
    if told.get("default", "") is None:
        del told["default"]
    return told
