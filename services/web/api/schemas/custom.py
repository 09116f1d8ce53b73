"""Custom fields in a filter: JSON within a query, by code."""

from __future__ import annotations

import json
from typing import Annotated

from pydantic import AfterValidator, Field

from services.web.api.schemas.base import check_texts


def custom_asked(given: str | None) -> dict[str, str]:
    """The custom fields in a filter, by code. Raises ValueError."""
    if not given:
        return {}
    try:
        found = json.loads(given)
    except RecursionError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise ValueError('give a JSON object of texts, such as {"serial": "X1"}')
    check_texts(found)
    return found


def _by_code(given: str) -> str:
    custom_asked(given)
    return given


CustomAsked = Annotated[str, Field(max_length=2000), AfterValidator(_by_code)]
