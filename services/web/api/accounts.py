"""Mail accounts."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import abort

from services.web.account_warnings import warnings_by_name
from services.web.api.paging import Paged, page_of
from services.web.api.schemas.accounts import (
    Fetch,
    Fetched,
    GivenIncoming,
    GivenOutgoing,
    IncomingList,
    ListedIncoming,
    OutgoingList,
    Tested,
)
from services.web.clients.accounts import Direction, IncomingAccount, OutgoingAccount
from services.web.wiring import wired

blueprint = APIBlueprint(
    "api_accounts", __name__, url_prefix="/api/v1/accounts", tag="Mail accounts"
)


@blueprint.get("/incoming")
@blueprint.input(Paged, location="query")
@blueprint.output(IncomingList)
def list_incoming(query_data: Paged) -> IncomingList:
    """List the accounts that mails come from, each with what it still lacks."""
    page = page_of(wired().mailgw.incoming(), query_data, lambda one: (one.name,))
    warnings = warnings_by_name(wired(), page.items)
    items = [{**one.model_dump(), "warnings": warnings.get(one.name, [])} for one in page.items]
    return IncomingList(
        items=[ListedIncoming.model_validate(item) for item in items], next=page.next
    )


@blueprint.post("/incoming")
@blueprint.input(GivenIncoming)
@blueprint.output(IncomingAccount, status_code=201)
def save_incoming(json_data: GivenIncoming) -> IncomingAccount:
    """Add an account that mails come from, or change the one of this id."""
    saved = wired().mailgw.save("incoming", json_data.model_dump(mode="json", exclude_unset=True))
    return IncomingAccount.model_validate(saved)


@blueprint.get("/outgoing")
@blueprint.input(Paged, location="query")
@blueprint.output(OutgoingList)
def list_outgoing(query_data: Paged) -> OutgoingList:
    """List the accounts that mails go out by."""
    page = page_of(wired().mailgw.outgoing(), query_data, lambda one: (one.name,))
    return OutgoingList(items=page.items, next=page.next)


@blueprint.post("/outgoing")
@blueprint.input(GivenOutgoing)
@blueprint.output(OutgoingAccount, status_code=201)
def save_outgoing(json_data: GivenOutgoing) -> OutgoingAccount:
    """Add an account that mails go out by, or change the one of this id."""
    saved = wired().mailgw.save("outgoing", json_data.model_dump(mode="json", exclude_unset=True))
    return OutgoingAccount.model_validate(saved)


@blueprint.post("/<direction>/<name>/approve")
@blueprint.output({}, status_code=204)
def approve_account(direction: str, name: str) -> tuple[str, int]:
    """Begin to use an account."""
    wired().mailgw.approve(_direction(direction), name)
    return "", 204


@blueprint.post("/<direction>/<name>/stop")
@blueprint.output({}, status_code=204)
def stop_account(direction: str, name: str) -> tuple[str, int]:
    """Use an account no longer, until it is approved again."""
    wired().mailgw.stop(_direction(direction), name)
    return "", 204


@blueprint.delete("/<direction>/<name>")
@blueprint.output({}, status_code=204)
def delete_account(direction: str, name: str) -> tuple[str, int]:
    """Delete an account; the mails that came by it stay."""
    wired().mailgw.delete(_direction(direction), name)
    return "", 204


@blueprint.post("/<direction>/<name>/test")
@blueprint.output(Tested)
def test_account(direction: str, name: str) -> Tested:
    """Try to connect, and say in words what is wrong."""
    return Tested.model_validate(wired().mailgw.test(_direction(direction), name))


@blueprint.post("/fetch")
@blueprint.input(Fetch, location="query")
@blueprint.output(Fetched)
def fetch_now(query_data: Fetch) -> Fetched:
    """Fetch mails now."""
    return Fetched.model_validate(wired().mailgw.fetch(query_data.name))


def _direction(text: str) -> Direction:
    match text:
        case "incoming" | "outgoing":
            return text
    abort(404)
