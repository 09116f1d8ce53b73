"""What an administrator does about how users sign in, and the record of sign-ins."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.web.access import user_access
from services.web.access.sign_in_log import SignInQuestion, entries
from services.web.access.user_access import UserAccess
from services.web.api.paging import number_in, written_cursor
from services.web.api.schemas.access import SignInList, SignInsAsked
from services.web.wiring import wired

blueprint = APIBlueprint("api_user_access", __name__, url_prefix="/api/v1", tag="Sign-in")


@blueprint.get("/users/<int:id>/access")
@blueprint.output(UserAccess)
def get_user_access(id: int) -> UserAccess:
    """Get how a user can sign in now."""
    return user_access.access_of(wired(), wired().directory.user(id))


@blueprint.delete("/users/<int:id>/sessions")
@blueprint.output({}, status_code=204)
def end_user_sessions(id: int) -> tuple[str, int]:
    """Sign a user out of all browsers."""
    user_access.end_all_sessions(wired(), wired().directory.user(id))
    return "", 204


@blueprint.delete("/users/<int:id>/two-factor")
@blueprint.output({}, status_code=204)
def reset_user_two_factor(id: int) -> tuple[str, int]:
    """Forget a user's second factor, for who has lost his telephone; his sessions end."""
    user_access.reset_second_factor(wired(), wired().directory.user(id))
    return "", 204


@blueprint.delete("/users/<int:id>/blocks")
@blueprint.output({}, status_code=204)
def unlock_user(id: int) -> tuple[str, int]:
    """Let a user try again who has failed too often."""
    user_access.unlock(wired(), wired().directory.user(id))
    return "", 204


@blueprint.get("/sign-ins")
@blueprint.input(SignInsAsked, location="query")
@blueprint.output(SignInList)
def list_sign_ins(query_data: SignInsAsked) -> SignInList:
    """List tries to sign in and changes to how users do, the latest first."""
    question = SignInQuestion(
        what=query_data.what,
        name=query_data.name,
        user_id=query_data.user_id,
        before=number_in(query_data.cursor) if query_data.cursor is not None else None,
        limit=query_data.limit + 1,
    )
    with wired().database.read() as connection:
        found = entries(connection, question)
    shown = found[: query_data.limit]
    following = written_cursor((shown[-1].id,)) if len(found) > len(shown) else None
    return SignInList(items=shown, next=following)
