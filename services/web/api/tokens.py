"""Tokens for programs."""

from __future__ import annotations

from datetime import timedelta

from apiflask import APIBlueprint
from flask import abort

from services.contracts.directory import User
from services.runtime.clock import now
from services.web.access import sign_in_log
from services.web.access.duty import owes_second_factor
from services.web.access.gate import bearer_token
from services.web.access.limits import limit_tries_from_an_address
from services.web.access.refusals import (
    CodeUnreadable,
    CodeWanted,
    SecondFactorOwed,
    WrongCode,
    WrongPassword,
)
from services.web.access.tokens import issue_token, revoke_token
from services.web.access.trying import try_code, try_password
from services.web.access.visitor import visitor
from services.web.api.present_password import let_wait
from services.web.api.schemas.tokens import SignIn, Token
from services.web.wiring import wired

blueprint = APIBlueprint("api_tokens", __name__, url_prefix="/api/v1/tokens", tag="Tokens")


@blueprint.post("")
@limit_tries_from_an_address
@blueprint.input(SignIn)
@blueprint.output(Token, status_code=201)
def create_token(json_data: SignIn) -> Token:
    """Sign in: a name and password, and the code of the second factor where there is one."""
    wiring = wired()
    user = _proved(json_data)
    if owes_second_factor(wiring, user):
        raise SecondFactorOwed()
    moment, lasts = now(), timedelta(days=json_data.expires_in_days)
    with wiring.database.write() as connection:
        token = issue_token(connection, user.id, moment, lasts)
        sign_in_log.note_of(connection, "token_made", user)
    return Token(token=token, expires_at=moment + lasts)


@blueprint.delete("/current")
@blueprint.output({}, status_code=204)
def revoke_own_token() -> tuple[str, int]:
    """End the token that this request is made with."""
    token = bearer_token()
    if token is None:
        abort(400)
    wiring = wired()
    with wiring.database.write() as connection:
        revoke_token(connection, token)
    return "", 204


def _proved(given: SignIn) -> User:
    """Who it is. Raises the refusals of access/refusals.py."""
    tried = try_password(wired(), given.name.strip(), given.password, visitor())
    let_wait(tried)
    if tried.proved is None:
        raise WrongPassword()
    if tried.outcome == "code_wanted":
        _check_code(tried.proved.user, given.code)
    return tried.proved.user


def _check_code(user: User, code: str) -> None:
    if not code:
        raise CodeWanted()
    tried = try_code(wired(), user, code, visitor())
    let_wait(tried)
    if tried.outcome == "unreadable":
        raise CodeUnreadable()
    if tried.outcome != "right":
        raise WrongCode()
