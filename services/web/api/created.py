"""The answer to whoever has added something: the thing itself, and where it is."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel

Made = TypeVar("Made", bound=BaseModel)
Created = tuple[Made, int, dict[str, str]]


def created(made: Made, place: str) -> Created[Made]:
    """201 with its address, `place` being that below /api/v1."""
    return made, 201, {"Location": f"/api/v1/{place}"}
