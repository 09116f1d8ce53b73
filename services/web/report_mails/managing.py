"""What users do with the reports that are mailed, by page and by the API.

Each has his own. Managers who see every case have all of them: whoever changed another's could
else have what that one sees, and he does not, sent to himself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID, uuid5

from flask import Flask
from structlog import get_logger

from services.contracts.directory import User
from services.contracts.errors import InvalidRequest, NotFound
from services.contracts.sight import is_restricted
from services.runtime.clock import now
from services.web.access.roles import role_suffices
from services.web.kept_question import VIEW, normal_question
from services.web.pages.moments import zone_of
from services.web.report_mails import store
from services.web.report_mails.recipients import checked_addresses, recipients_of
from services.web.report_mails.schedule import Schedule, next_moment
from services.web.report_mails.sending import CannotBeSent, order_now
from services.web.report_mails.store import ReportMail
from services.web.saved_filters import LONGEST_QUESTION
from services.web.wiring import Wiring

FIELDS = (
    *("name", "question", "recipients", "active"),
    *("rhythm", "weekday", "month_day", "hour"),
)
BY_HAND = UUID("0f6f3f0a-7c1e-4d5c-8a51-6a2f1d0c9b77")  # the name space of the ids of such orders

log = get_logger()


def sees_all(user: User) -> bool:
    """Whether he has the reports of others, too."""
    return role_suffices(user.role, "manager") and not is_restricted(user)


def seen_by(wiring: Wiring, user: User) -> list[ReportMail]:
    """Those that he may look at and change, by name."""
    with wiring.database.read() as connection:
        return store.list_report_mails(connection, None if sees_all(user) else user.id)


def find(wiring: Wiring, user: User, mail_id: int) -> ReportMail:
    """One of these. Raises NotFound."""
    with wiring.database.read() as connection:
        found = store.find_report_mail(connection, mail_id)
    if found.user_id != user.id and not sees_all(user):
        raise NotFound("report mail", mail_id)
    return found


def add(wiring: Wiring, user: User, fields: Mapping[str, Any]) -> ReportMail:
    """A new one of his. Raises InvalidRequest."""
    checked = _checked(user, fields)
    with wiring.database.write() as connection:
        made = store.add_report_mail(connection, user.id, checked)
    log.info("report mail added", report=made.id, by=user.id)
    return made


def change(
    wiring: Wiring, user: User, mail_id: int, version: int, fields: Mapping[str, Any]
) -> ReportMail:
    """Change these fields of it. Raises InvalidRequest, NotFound, StaleVersion."""
    before = find(wiring, user, mail_id)
    whole = {**before.model_dump(include=set(FIELDS)), **fields}
    owner = user if before.user_id == user.id else wiring.directory.user(before.user_id)
    checked = _checked(owner, whole)
    if _is_its_turn(before, checked):
        checked.pop("next_at")
    with wiring.database.write() as connection:
        changed = store.change_report_mail(connection, mail_id, version, checked)
    log.info("report mail changed", report=mail_id, by=user.id)
    return changed


def remove(wiring: Wiring, user: User, mail_id: int) -> None:
    """Delete it. Raises NotFound."""
    find(wiring, user, mail_id)
    with wiring.database.write() as connection:
        store.delete_report_mail(connection, mail_id)
    log.info("report mail deleted", report=mail_id, by=user.id)


def send_now(app: Flask, wiring: Wiring, user: User, mail_id: int, key: str) -> None:
    """Have it mailed at once, once for this key; its next turn stays.

    Raises NotFound, InvalidRequest for what cannot be sent, ServiceAway, FileStoreError.
    """
    one = find(wiring, user, mail_id)
    try:
        order_now(app, one, str(uuid5(BY_HAND, key)))
    except CannotBeSent as error:
        raise InvalidRequest(error.field, str(error)) from error
    log.info("report mailed by hand", report=mail_id, by=user.id)


def kept_as(question: str) -> str:
    """A query string of the report's page as it is kept."""
    pairs = [pair for pair in parse_qsl(question) if pair[0] != VIEW]
    return normal_question([*pairs, (VIEW, "report")])


def _is_its_turn(before: ReportMail, after: Mapping[str, Any]) -> bool:
    """Whether it is to be sent just now, and still is after the change."""
    clock = ("rhythm", "weekday", "month_day", "hour", "active")
    same = all(getattr(before, name) == after[name] for name in clock)
    return before.active and before.next_at <= now() and same


def _checked(owner: User, fields: Mapping[str, Any]) -> dict[str, Any]:
    """All fields as they are kept, and when its turn is next. Raises InvalidRequest."""
    kept = {name: fields[name] for name in FIELDS}
    kept["name"] = " ".join(kept["name"].split())
    if not kept["name"]:
        raise InvalidRequest("name", "give it a name")
    kept["question"] = kept_as(kept["question"])
    if len(kept["question"]) > LONGEST_QUESTION:
        raise InvalidRequest("question", f"at most {LONGEST_QUESTION} characters")
    kept["recipients"] = checked_addresses(kept["recipients"])
    recipients_of(owner, kept["recipients"])
    if kept["active"] and not owner.active:
        raise InvalidRequest("active", "its owner is no longer active")
    schedule = Schedule(kept["rhythm"], kept["hour"], kept["weekday"], kept["month_day"])
    kept["next_at"] = next_moment(schedule, zone_of(owner.time_zone), now())
    return kept
