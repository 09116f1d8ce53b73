"""What every request to the API keeps to."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from services.web.access.gate import BIGGEST_NUMBER
from services.web.time_zones import TIME_ZONES

Id = Annotated[int, Field(ge=1, le=BIGGEST_NUMBER)]
Version = Annotated[int, Field(ge=1, le=BIGGEST_NUMBER)]
Limit = Annotated[int, Field(ge=1, le=200)]
Cursor = Annotated[str, Field(min_length=1, max_length=500)]


def _written_out(given: Any) -> Any:
    """Pydantic would take 0 for a second of 1970; nobody who sends that means it."""
    if isinstance(given, str) and not re.match(r"\d{4}-\d{2}-\d{2}", given):
        raise ValueError("write it as 2026-11-25, a moment as 2026-11-25T14:00:00Z")
    if isinstance(given, int | float):
        raise ValueError("write it as text")
    return given


def _known_zone(name: str) -> str:
    if name not in TIME_ZONES:
        raise ValueError("give a time zone such as Europe/Berlin")
    return name


Day = Annotated[date, BeforeValidator(_written_out)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written_out)]
Zone = Annotated[str, Field(max_length=60), AfterValidator(_known_zone)]


class Given(BaseModel):
    """A body or a query. An unknown field is refused: a misspelt filter would show everything."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _keepable(cls, given: Any) -> Any:
        check_texts(given)
        return given


def check_texts(given: Any) -> None:
    """Raises ValueError when a text or number inside is one that no database keeps."""
    if isinstance(given, str):
        if "\0" in given or not _is_unicode(given):
            raise ValueError("a text must not hold U+0000 or half a surrogate pair")
    elif isinstance(given, float):
        if not math.isfinite(given):
            raise ValueError("a number must be finite")
    elif isinstance(given, dict):
        for key, value in given.items():
            check_texts(key)
            check_texts(value)
    elif isinstance(given, list):
        for value in given:
            check_texts(value)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
