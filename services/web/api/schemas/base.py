"""What every request to the API keeps to."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.web.access.gate import BIGGEST_NUMBER

Id = Annotated[int, Field(ge=1, le=BIGGEST_NUMBER)]
Version = Annotated[int, Field(ge=1, le=BIGGEST_NUMBER)]
Limit = Annotated[int, Field(ge=1, le=200)]


class Given(BaseModel):
    """A body or a query. An unknown field is refused: a misspelt filter would show everything."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _keepable(cls, given: Any) -> Any:
        check_texts(given)
        return given


def check_texts(given: Any) -> None:
    """Raises ValueError when a text inside is one that no database keeps."""
    if isinstance(given, str):
        if "\0" in given or not _is_unicode(given):
            raise ValueError("a text must not hold U+0000 or half a surrogate pair")
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
