"""Pages of lists that a service answers whole, and the header that leads to the next page.

A cursor holds the sort key of the last item shown, so that what is added or deleted meanwhile
neither repeats nor hides an item.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from flask import Flask, Response, g, request
from pydantic import BaseModel, Field

from services.contracts.errors import InvalidRequest
from services.web.access.gate import API, BIGGEST_NUMBER
from services.web.api.schemas.base import Cursor, Given
from services.web.clients.page import Page

Item = TypeVar("Item", bound=BaseModel)
Key = tuple[int | str, ...]


class Paged(Given):
    """Which page of a list."""

    cursor: Cursor | None = Field(default=None, description="The `next` of the page before")
    limit: int = Field(default=200, ge=1, le=200, description="How many at the most")


def page_of(found: Sequence[Item], asked: Paged, key: Callable[[Item], Key]) -> Page[Item]:
    """The page that is asked for, in the order of `key`, which no two items share.

    Raises InvalidRequest for a cursor that no page before has named.
    """
    behind = read_cursor(asked.cursor)
    ordered = sorted(found, key=key)
    try:
        rest = [one for one in ordered if behind is None or key(one) > behind]
    except TypeError as error:
        raise _no_cursor() from error
    if ordered and behind is not None and len(behind) != len(key(ordered[0])):
        raise _no_cursor()
    return _cut(rest, asked.limit, key)


def page_by_place(found: Sequence[Item], asked: Paged) -> Page[Item]:
    """The same of a list that has an order of its own, and grows at its end."""
    first, *more = (0,) if asked.cursor is None else read_cursor(asked.cursor) or ("",)
    if more or not isinstance(first, int) or first < 0:
        raise _no_cursor()
    end = first + asked.limit
    return Page(list(found[first:end]), written_cursor((end,)) if len(found) > end else None)


def written_cursor(key: Key) -> str:
    """The cursor that goes on behind this key."""
    text = json.dumps(key, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode("ascii").rstrip("=")


def read_cursor(given: str | None) -> Key | None:
    """The key in a cursor; None for none. Raises InvalidRequest."""
    if given is None:
        return None
    try:
        found = json.loads(urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    except (ValueError, RecursionError) as error:
        raise _no_cursor() from error
    if not isinstance(found, list) or not all(type(part) in (int, str) for part in found):
        raise _no_cursor()
    return tuple(found)


def number_in(cursor: str) -> int:
    """The number of the case, or the id, that a page ended with. Raises InvalidRequest."""
    match read_cursor(cursor):
        case (int(number),) if 0 < number <= BIGGEST_NUMBER:
            return number
    raise _no_cursor()


def install(app: Flask) -> None:
    """Let every page of a list lead to the next one (RFC 8288)."""

    @app.after_request
    def lead_on(response: Response) -> Response:
        following = g.pop("next_page", None)
        if following is not None and request.path.startswith(API):
            asked = {**request.args.to_dict(), "cursor": following}
            response.headers["Link"] = f'<{request.path}?{urlencode(asked)}>; rel="next"'
        return response


def _cut(rest: Sequence[Item], limit: int, key: Callable[[Item], Key]) -> Page[Item]:
    shown = list(rest[:limit])
    return Page(shown, written_cursor(key(shown[-1])) if len(rest) > limit else None)


def _no_cursor() -> InvalidRequest:
    return InvalidRequest("cursor", "give the `next` of the page before, as it was")
