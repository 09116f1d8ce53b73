"""The reference of the API for people, made of the same document that programs read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from apiflask import APIFlask
from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from services.web.access.roles import LEAST_ROLE, Least
from services.web.api import openapi
from services.web.pages.schema_words import Field, fields_of, type_of

blueprint = Blueprint("reference", __name__, url_prefix="/api/docs")

Document = dict[str, Any]


@dataclass(frozen=True)
class Described:
    """An operation as the pages show it."""

    id: str
    method: str
    path: str
    tag: str
    summary: str
    least: Least
    told: Document

    @property
    def parameters(self) -> list[Field]:
        """What goes into the address, the query and the headers."""
        return [
            Field(
                name=one["name"],
                type=type_of(one["schema"]),
                required=bool(one["required"]),
                description=one.get("description", ""),
                place=one["in"],
            )
            for one in self.told["parameters"]
        ]


@blueprint.get("")
def show() -> ResponseReturnValue:
    """All operations, by what they are about."""
    groups: dict[str, list[Described]] = {}
    for one in sorted(_operations().values(), key=lambda one: (one.path, one.method)):
        groups.setdefault(one.tag, []).append(one)
    return render_template("reference/all.html", groups=groups, document_path=openapi.PATH)


@blueprint.get("/<operation>")
def one(operation: str) -> ResponseReturnValue:
    """One operation: what it takes and answers, and how it fails."""
    found = _operations().get(operation)
    if found is None:
        abort(404)
    schemas = _document()["components"]["schemas"]
    body = _content(found.told.get("requestBody", {}))
    answers = {
        status: {**answer, "schema": _content(answer)}
        for status, answer in found.told["responses"].items()
    }
    wanted = [schema for schema in (body, *(one["schema"] for one in answers.values())) if schema]
    return render_template(
        "reference/one.html",
        operation=found,
        body=body,
        answers=answers,
        parts=fields_of(wanted, schemas),
        type_of=type_of,
        example=_example(body, schemas),
    )


def _document() -> Document:
    app = current_app
    assert isinstance(app, APIFlask)
    document = app._get_spec("json")
    assert isinstance(document, dict)
    return document


def _operations() -> dict[str, Described]:
    app = current_app
    assert isinstance(app, APIFlask)
    paths, found = _document()["paths"], {}
    for op in openapi.operations_of(app):
        told = paths[op.path][op.method]
        id = openapi.operation_id(op.endpoint)
        found[id] = Described(
            id=id,
            method=op.method.upper(),
            path=op.path,
            tag=told["tags"][0],
            summary=told["summary"],
            least=LEAST_ROLE[op.endpoint],
            told=told,
        )
    return found


def _content(holder: Document) -> Document | None:
    """The schema of what is in a body or an answer; that in JSON, where there are others."""
    content: Document = holder.get("content", {})
    media: Document = content.get("application/json") or next(iter(content.values()), {})
    schema = media.get("schema")
    return dict(schema) if schema else None


def _example(schema: Document | None, schemas: Document) -> str:
    """As JSON; empty without one."""
    name = str((schema or {}).get("$ref", "")).rpartition("/")[2]
    examples = schemas.get(name, {}).get("examples", ())
    return json.dumps(examples[0], indent=2, ensure_ascii=False) if examples else ""
