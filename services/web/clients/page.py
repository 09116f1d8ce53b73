"""One page of a list, as the services answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

Item = TypeVar("Item", bound=BaseModel)


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some items, and the cursor to ask with for those behind them (None at the end).

    `previous` leads to those before them, in lists that go back.
    """

    items: list[Item]
    next: str | None = None
    previous: str | None = None


def read_page(model: type[Item], answer: Mapping[str, Any]) -> Page[Item]:
    """The page in a service's `{"items": [...], "next": ...}`."""
    items = [model.model_validate(item) for item in answer["items"]]
    return Page(items, answer["next"], answer.get("previous"))
