"""One's own second factor."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.errors import InvalidRequest
from services.web.access import two_factor
from services.web.access.asking import asking_user
from services.web.access.limits import limit_tries_from_an_address
from services.web.access.own_access import turn_off_second_factor, turn_on_second_factor
from services.web.access.trying import seal_of
from services.web.api.present_password import prove_code, prove_password
from services.web.api.schemas.access import (
    FirstCode,
    RecoveryCodes,
    Secret,
    TurningOff,
    TwoFactor,
)
from services.web.wiring import wired

blueprint = APIBlueprint(
    "api_two_factor", __name__, url_prefix="/api/v1/me/two-factor", tag="Sign-in"
)


@blueprint.get("")
@blueprint.output(TwoFactor)
def get_two_factor() -> TwoFactor:
    """Get how your second factor stands."""
    user, wiring = asking_user(), wired()
    with wiring.database.read() as connection:
        return TwoFactor(
            on=two_factor.is_on(connection, user.id),
            recovery_codes_left=two_factor.unused_recovery_codes(connection, user.id),
            must_have=user.role in wiring.settings.two_factor_roles,
        )


@blueprint.post("/secret")
@blueprint.output(Secret)
def offer_two_factor() -> Secret:
    """Get the secret for your authenticator; a first code of it turns the second factor on."""
    user, wiring = asking_user(), wired()
    with wiring.database.write() as connection:
        if two_factor.is_on(connection, user.id):
            raise InvalidRequest("two-factor", "it is on already; turn it off first")
        secret = two_factor.offer_secret(connection, seal_of(wiring), user.id)
    return Secret(secret=secret, uri=two_factor.address_of(secret, user.login))


@blueprint.post("")
@limit_tries_from_an_address
@blueprint.input(FirstCode)
@blueprint.output(RecoveryCodes)
def turn_two_factor_on(json_data: FirstCode) -> RecoveryCodes:
    """Turn your second factor on with a first code; the answer is your recovery codes.

    Your sessions end: they were begun without it.
    """
    codes = turn_on_second_factor(wired(), asking_user(), json_data.code)
    if codes is None:
        raise InvalidRequest("code", "it is wrong, or the second factor is on already")
    return RecoveryCodes(recovery_codes=codes)


@blueprint.post("/off")
@limit_tries_from_an_address
@blueprint.input(TurningOff)
@blueprint.output({}, status_code=204)
def turn_two_factor_off(json_data: TurningOff) -> tuple[str, int]:
    """Turn your second factor off."""
    user = asking_user()
    prove_password(user, json_data.password)
    prove_code(user, json_data.code)
    turn_off_second_factor(wired(), user)
    return "", 204
