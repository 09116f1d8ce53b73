"""One's own password and sessions."""

from __future__ import annotations

from dataclasses import asdict

from apiflask import APIBlueprint

from services.contracts.errors import InvalidRequest
from services.runtime.clock import now
from services.web.access import sign_in_log
from services.web.access.asking import asking_user
from services.web.access.credentials import save_credential
from services.web.access.limits import limit_tries_from_an_address
from services.web.access.password_rules import unfit
from services.web.access.passwords import hash_password
from services.web.access.sessions import end_session, end_sessions_of, sessions_of
from services.web.api.paging import Paged, page_of
from services.web.api.present_password import prove_password
from services.web.api.schemas.access import NewPassword, SessionList, SessionOfMine
from services.web.wiring import wired

blueprint = APIBlueprint("api_me", __name__, url_prefix="/api/v1/me", tag="Sign-in")


@blueprint.post("/password")
@limit_tries_from_an_address
@blueprint.input(NewPassword)
@blueprint.output({}, status_code=204)
def change_my_password(json_data: NewPassword) -> tuple[str, int]:
    """Change your password. All your sessions and tokens end, this one too."""
    user = asking_user()
    wrong = unfit(json_data.new_password, user.login, user.name, user.address or "")
    if wrong:
        raise InvalidRequest("new_password", f"this password {wrong}")
    prove_password(user, json_data.password)
    kept_hash = hash_password(json_data.new_password)
    with wired().database.write() as connection:
        save_credential(connection, user.id, user.login, kept_hash, now())
        sign_in_log.note_of(connection, "password_changed", user)
    return "", 204


@blueprint.get("/sessions")
@blueprint.input(Paged, location="query")
@blueprint.output(SessionList)
def list_my_sessions(query_data: Paged) -> SessionList:
    """List the browsers in which you are signed in."""
    with wired().database.read() as connection:
        found = sessions_of(connection, asking_user().id, now())
    mine = [SessionOfMine.model_validate(_without_user(asdict(one))) for one in found]
    page = page_of(mine, query_data, lambda session: (-session.id,))
    return SessionList(items=page.items, next=page.next)


@blueprint.delete("/sessions")
@blueprint.output({}, status_code=204)
def end_my_sessions() -> tuple[str, int]:
    """Sign out of all browsers; tokens go on."""
    user = asking_user()
    with wired().database.write() as connection:
        end_sessions_of(connection, user.id)
        sign_in_log.note_of(connection, "sessions_ended", user)
    return "", 204


@blueprint.delete("/sessions/<int:id>")
@blueprint.output({}, status_code=204)
def end_my_session(id: int) -> tuple[str, int]:
    """Sign out of one browser."""
    user = asking_user()
    with wired().database.write() as connection:
        end_session(connection, user.id, id)
        sign_in_log.note_of(connection, "session_ended", user)
    return "", 204


def _without_user(session: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in session.items() if name != "user_id"}
