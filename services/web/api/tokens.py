"""Tokens for programs."""

from __future__ import annotations

from datetime import timedelta

from apiflask import APIBlueprint
from flask import abort

from services.runtime.clock import now
from services.web.access.gate import bearer_token
from services.web.access.limits import limit_tries_for_a_name, limit_tries_from_an_address
from services.web.access.people import by_password
from services.web.access.tokens import issue_token, revoke_token
from services.web.api.problems import WrongPassword
from services.web.api.schemas.tokens import SignIn, Token
from services.web.wiring import wired

blueprint = APIBlueprint("api_tokens", __name__, url_prefix="/api/v1/tokens", tag="Tokens")


@blueprint.post("")
@limit_tries_from_an_address
@limit_tries_for_a_name
@blueprint.input(SignIn)
@blueprint.output(Token, status_code=201)
def create_token(json_data: SignIn) -> Token:
    """Sign in: a name and password for a token."""
    wiring = wired()
    signed_in = by_password(wiring, json_data.name.strip(), json_data.password)
    if signed_in is None:
        raise WrongPassword()
    moment, lasts = now(), timedelta(days=json_data.expires_in_days)
    with wiring.database.write() as connection:
        token = issue_token(connection, signed_in.user.id, moment, lasts)
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
