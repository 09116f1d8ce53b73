"""What an administrator does about how users sign in, and the record of sign-ins."""

from __future__ import annotations

from dataclasses import asdict

from apiflask import APIBlueprint

from services.contracts.errors import InvalidRequest
from services.web.access import user_access
from services.web.access.gate import BIGGEST_NUMBER
from services.web.access.sign_in_log import SignInQuestion, entries
from services.web.api.paging import read_cursor, written_cursor
from services.web.api.schemas.access import SignInEntry, SignInList, SignInsAsked, UserAccess
from services.web.wiring import wired

blueprint = APIBlueprint("api_user_access", __name__, url_prefix="/api/v1", tag="Sign-in")


@blueprint.get("/users/<int:id>/access")
@blueprint.output(UserAccess)
def get_user_access(id: int) -> UserAccess:
    """Get how a user can sign in now."""
    found = user_access.access_of(wired(), wired().directory.user(id))
    return UserAccess.model_validate(asdict(found))


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
        before=_before(query_data.cursor),
        limit=query_data.limit + 1,
    )
    with wired().database.read() as connection:
        found = entries(connection, question)
    shown = found[: query_data.limit]
    following = written_cursor((shown[-1].id,)) if len(found) > len(shown) else None
    items = [SignInEntry.model_validate(asdict(one)) for one in shown]
    return SignInList(items=items, next=following)


def _before(cursor: str | None) -> int | None:
    """The entry that the page before ended with. Raises InvalidRequest."""
    match read_cursor(cursor):
        case None:
            return None
        case (int(entry),) if 0 < entry <= BIGGEST_NUMBER:
            return entry
    raise InvalidRequest("cursor", "give the `next` of the page before, as it was")
