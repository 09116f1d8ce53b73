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
    particular); the fields of a command are named without the `fields` they stand in.
    """
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(one) for one in first["loc"] if one != "fields") or whole
        raise InvalidRequest(field, first["msg"]) from error
