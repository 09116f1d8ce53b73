"""Users, sections and partners are added and changed (K4, K6, K8)."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Connection

from services.cases import directory, tables
from services.cases.actions.command_origin import command_origin
from services.cases.actions.refresh_cases import refresh_cases
from services.cases.directory import TABLES
from services.contracts.directory import (
    Partner,
    PartnerChanged,
    SaveUser,
    Section,
    SectionChanged,
    User,
    UserChanged,
)
from services.contracts.envelope import Envelope
from services.contracts.errors import InvalidRequest, StaleVersion
from services.contracts.reading import read
from services.messaging.transaction import Transaction
from services.runtime.clock import now
from services.runtime.identity import new_id

Entry = TypeVar("Entry", User, Section, Partner)
EVENTS: dict[type[Any], type[Envelope]] = {
    User: UserChanged,
    Section: SectionChanged,
    Partner: PartnerChanged,
}
GIVEN_BY_US = frozenset({"id", "version", "category_path_ids"})


def save_entry(transaction: Transaction, model: type[Entry], command: SaveUser) -> Entry:
    """The entry as it stands after the command; whoever keeps a copy is told.

    Raises NotFound, StaleVersion, and InvalidRequest for what cannot be or names nothing.
    """
    connection = transaction.connection
    before = _before(connection, model, command)
    entry = _merged(model, before, command.fields)
    _check(connection, entry)
    saved = directory.save(connection, entry) if before else directory.add(connection, entry)
    event = EVENTS[model]
    origin = command_origin(connection, command)
    if isinstance(saved, Partner) and before is not None:
        refresh_cases(transaction, saved, origin.actor)
    transaction.publish(
        event(id=new_id(), type=event.TYPE, occurred_at=now(), actor=origin.actor, data=saved)
    )
    return saved


def _before(connection: Connection, model: type[Entry], command: SaveUser) -> Entry | None:
    if command.id is None:
        return None
    before = directory.get(connection, model, command.id)
    if command.version is None:
        raise InvalidRequest("version", "give the version that you read, so that nothing is lost")
    if command.version != before.version:
        raise StaleVersion(TABLES[model][0], command.version, before.version)
    return before


def _merged(model: type[Entry], before: Entry | None, fields: dict[str, Any]) -> Entry:
    unknown = [name for name in fields if name not in model.model_fields or name in GIVEN_BY_US]
    if unknown:
        raise InvalidRequest(unknown[0], f"a {TABLES[model][0]} has no such field to set")
    values = before.model_dump() if before else {"id": 0}
    return read(model, {**values, **fields})


def _check(connection: Connection, entry: User | Section | Partner) -> None:
    match entry:
        case User():
            _check_user(connection, entry)
        case Section():
            _check_section(connection, entry)
        case Partner():
            _check_partner(connection, entry)


def _check_user(connection: Connection, user: User) -> None:
    if not user.login.strip():
        raise InvalidRequest("login", "must not be empty")
    namesake = directory.user_by_login(connection, user.login)
    if namesake is not None and namesake.id != user.id:
        raise InvalidRequest("login", f"{user.login!r} belongs to another user")
    _check_address("address", user.address)
    other = directory.user_by_address(connection, user.address or "")
    if other is not None and other.id != user.id:
        raise InvalidRequest("address", f"{user.address} is the address of {other.name}")
    _must_exist(connection, User, "stand_in_id", user.stand_in_id)
    if user.absent_from and user.absent_until and user.absent_until < user.absent_from:
        raise InvalidRequest("absent_until", "must not be before the first day of absence")


def _check_section(connection: Connection, section: Section) -> None:
    if not section.name.strip():
        raise InvalidRequest("name", "must not be empty")
    for other in directory.every(connection, Section):
        if other.name == section.name and other.id != section.id:
            raise InvalidRequest("name", f"there is a section {section.name!r} already")
    _check_address("reply_address", section.reply_address)
    _must_exist(connection, Section, "escalation_id", section.escalation_id)
    _must_exist(connection, User, "manager_id", section.manager_id)
    for member in section.member_ids:
        _must_exist(connection, User, "member_ids", member)
    above, seen = section.parent_id, {section.id}
    while above is not None:
        if above in seen:
            raise InvalidRequest("parent_id", "a section cannot lie below itself")
        seen.add(above)
        found = directory.find(connection, Section, above)
        _must_exist(connection, Section, "parent_id", above)
        above = found.parent_id if found else None


def _check_partner(connection: Connection, partner: Partner) -> None:
    if not partner.name.strip():
        raise InvalidRequest("name", "must not be empty")
    seen: set[str] = set()
    for contact in partner.contacts:
        _check_address("contacts", contact.address)
        if contact.address.lower() in seen:
            raise InvalidRequest("contacts", f"{contact.address} is given twice")
        seen.add(contact.address.lower())
        known = directory.contact_by_address(connection, contact.address)
        if known is not None and known[1] != partner.id:
            raise InvalidRequest("contacts", f"{contact.address} belongs to partner {known[1]}")
    nodes = directory.tree(connection, tables.partner_categories)
    for id in partner.category_ids:
        if id not in nodes:
            raise InvalidRequest("category_ids", f"there is no partner category {id}")


def _check_address(field: str, address: str | None) -> None:
    if address and ("@" not in address.strip("@") or any(c.isspace() for c in address)):
        raise InvalidRequest(field, f"{address!r} is no mail address")


def _must_exist(connection: Connection, model: type[Entry], field: str, id: int | None) -> None:
    if id is not None and directory.find(connection, model, id) is None:
        raise InvalidRequest(field, f"there is no {TABLES[model][0]} {id}")
