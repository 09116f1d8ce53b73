"""One's own password and sessions."""

from __future__ import annotations

from dataclasses import asdict

from apiflask import APIBlueprint

from services.contracts.errors import InvalidRequest
from services.runtime.clock import now
from services.web.access.asking import asking_user
from services.web.access.limits import limit_tries_from_an_address
from services.web.access.own_access import change_password, end_one_session
from services.web.access.password_rules import unfit
from services.web.access.sessions import sessions_of
from services.web.access.user_access import end_all_sessions
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
    change_password(wired(), user, json_data.new_password)
    return "", 204


@blueprint.get("/sessions")
@blueprint.input(Paged, location="query")
@blueprint.output(SessionList)
def list_my_sessions(query_data: Paged) -> SessionList:
    """List the browsers in which you are signed in."""
    with wired().database.read() as connection:
        found = sessions_of(connection, asking_user().id, now())
    mine = [SessionOfMine.model_validate(asdict(one)) for one in found]
    page = page_of(mine, query_data, lambda session: (-session.id,))
    return SessionList(items=page.items, next=page.next)


@blueprint.delete("/sessions")
@blueprint.output({}, status_code=204)
def end_my_sessions() -> tuple[str, int]:
    """Sign out of all browsers; tokens go on."""
    end_all_sessions(wired(), asking_user())
    return "", 204


@blueprint.delete("/sessions/<int:id>")
@blueprint.output({}, status_code=204)
def end_my_session(id: int) -> tuple[str, int]:
    """Sign out of one browser."""
    end_one_session(wired(), asking_user(), id)
    return "", 204
