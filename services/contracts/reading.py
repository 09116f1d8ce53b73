"""Reading what a caller gave, with an error that names the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from services.contracts.errors import InvalidRequest

Model = TypeVar("Model", bound=BaseModel)


def read(model: type[Model], given: Mapping[str, Any], whole: str = "command") -> Model:
    """The model in `given`.

    Raises InvalidRequest naming the first field that does not fit (`whole` when it is none in
    particular); the fields of a command are named without the `fields` they stand in, those of
    a list by their place: "subject", "fields.0.code".
    """
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidRequest(_named(first["loc"]) or whole, first["msg"]) from error


def _named(place: tuple[int | str, ...]) -> str:
    if place[:1] == ("fields",) and not any(isinstance(one, int) for one in place[1:2]):
        place = place[1:]
    return ".".join(str(one) for one in place)
