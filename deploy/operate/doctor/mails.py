"""Mail accounts, mails that could not be read, and the outgoing queue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from deploy.operate.doctor.finding import Finding, ok, warning
from deploy.operate.installation import database_of
from services.mailgw import account_states, accounts
from services.mailgw.model.accounts import Account, Direction
from services.mailgw.tables import outgoing, raw_mails
from services.runtime.clock import now
from services.runtime.settings import Settings

LATE = timedelta(minutes=5)
DIRECTIONS: tuple[Direction, ...] = ("incoming", "outgoing")


def check_mails(settings: Settings, usable: Sequence[str]) -> Iterator[Finding]:
    """What the mail gateway's database tells."""
    if "mailgw" not in usable:
        return
    with database_of(settings, "mailgw") as database, database.read() as connection:
        yield from _accounts(connection)
        yield _unread(connection)
        yield _queue(connection)


def _accounts(connection: Connection) -> Iterator[Finding]:
    states = account_states.of_all(connection)
    for direction in DIRECTIONS:
        found = accounts.every(connection, direction)
        for account in found:
            yield _account(direction, account, states.get(account.id, {}))
        if not any(account.approved for account in found):
            cure = "add and approve one: *Mail accounts* in the browser"
            yield warning(f"{direction} accounts", "there is no approved one", cure)


def _account(direction: str, account: Account, state: dict[str, str | None]) -> Finding:
    check = f"{direction} account {account.name}"
    if not account.approved:
        cure = f"`python -m services.mailgw accounts test {account.name}`, then `approve`"
        return warning(check, "it is not approved, and not used", cure)
    failed, succeeded = state.get("last_error_at"), state.get("last_success_at")
    if failed and (not succeeded or failed > succeeded):
        cure = f"`python -m services.mailgw accounts test {account.name}` says more"
        return warning(check, f"it fails: {state.get('last_error')}", cure)
    return ok(check, f"last used {succeeded}" if succeeded else "approved, not used yet")


def _unread(connection: Connection) -> Finding:
    where = raw_mails.c.status == "quarantined"
    count = connection.scalar(select(func.count()).select_from(raw_mails).where(where)) or 0
    if not count:
        return ok("quarantine", "it is empty")
    cure = "*Mails* in the browser, status Quarantine, says why of each"
    return warning("quarantine", f"{count} mails are held or cannot be read", cure)


def _queue(connection: Connection) -> Finding:
    t = outgoing
    counted = select(func.count(), func.min(t.c.next_attempt_at))
    waiting, first = connection.execute(counted.where(t.c.status.in_(["queued", "sending"]))).one()
    failed = connection.scalar(select(func.count()).where(t.c.status == "failed")) or 0
    says = f"{waiting} mails wait, {failed} were given up"
    if isinstance(first, datetime) and now() - first > LATE:
        cure = "`python -m services.mailgw queue` says why of each"
        return warning("outgoing queue", f"{says}; one is due since {first:%Y-%m-%d %H:%M}", cure)
    return ok("outgoing queue", says)
