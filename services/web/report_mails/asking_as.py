"""Asking in the place of a user who is not there: as if he looked at a page himself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, g

from services.contracts.directory import User
from services.web.translation import ENGLISH, best_language, in_language


@contextmanager
def asking_as(app: Flask, user: User, path: str, question: str) -> Iterator[None]:
    """Within it the request is for this page with this query string, and he has sent it.

    So he is told what he may see, in his language and on his clock, also where another user's
    request is being answered.
    """
    # Its own context of the app, so that the `g` of a request around it stays that one's.
    with app.app_context(), app.test_request_context(path, query_string=question):
        g.user, g.session = user, None
        with in_language(best_language(user.language) or ENGLISH):
            yield
