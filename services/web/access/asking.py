"""The user behind the present request, and what a command says of him."""

from __future__ import annotations

import hashlib
from typing import TypedDict

from flask import g, request

from services.contracts.directory import User
from services.contracts.envelope import Actor
from services.contracts.errors import InvalidRequest
from services.runtime.identity import new_id
from services.web.access.sessions import Session

LONGEST_KEY = 200


class Origin(TypedDict):
    """The fields that every command carries."""

    idempotency_key: str
    actor_id: int


def asking_user() -> User:
    """The signed-in user; only for routes that the gate lets nobody else through to."""
    user = g.user
    assert isinstance(user, User)
    return user


def present_session() -> Session:
    """The session of this request; only for pages, which nobody reaches without one."""
    found = g.session
    assert isinstance(found, Session)
    return found


def asking_actor() -> Actor:
    """The signed-in user, as services keep who did something."""
    user = asking_user()
    return Actor(kind="user", id=user.id, name=user.name)


def command_origin(given_key: str | None = None) -> Origin:
    """Who asks, and the key under which his command takes effect once.

    A key that the caller gives (header Idempotency-Key, or the form's hidden field) counts
    for this user and this address only: nobody gets another's answer by guessing his key.
    Raises InvalidRequest for one that is too long.
    """
    user = asking_user()
    given = given_key or request.headers.get("Idempotency-Key") or new_id()
    if len(given) > LONGEST_KEY:
        raise InvalidRequest("Idempotency-Key", f"at most {LONGEST_KEY} characters")
    scope = f"{user.id}\n{request.method} {request.path}\n{given}"
    return Origin(
        idempotency_key="web-" + hashlib.sha256(scope.encode()).hexdigest(), actor_id=user.id
    )
