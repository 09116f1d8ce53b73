"""What a user, a section or a partner must be to be saved (K4, K6, K8)."""

from __future__ import annotations

import re

from sqlalchemy import Connection

from services.cases import directory, tables
from services.cases.actions.check_time_zone import check_time_zone
from services.cases.directory import TABLES, Entry
from services.contracts.directory import Partner, Section, User
from services.contracts.errors import InvalidRequest

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")  # the shape of a code of ISO 639, and a country


def check_entry(connection: Connection, entry: User | Section | Partner) -> None:
    """Raises InvalidRequest for a field that cannot be, or names nothing."""
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
    if user.stand_in_id == user.id:
        raise InvalidRequest("stand_in_id", "nobody stands in for himself; name somebody else")
    check_time_zone(user.time_zone)
    _check_language(user.language)
    if user.absent_from and user.absent_until and user.absent_until < user.absent_from:
        raise InvalidRequest("absent_until", "must not be before the first day of absence")


def _check_section(connection: Connection, section: Section) -> None:
    if not section.name.strip():
        raise InvalidRequest("name", "must not be empty")
    for other in directory.every(connection, Section):
        if other.name == section.name and other.id != section.id:
            raise InvalidRequest("name", f"there is a section {section.name!r} already")
    _check_address("reply_address", section.reply_address)
    _check_language(section.language)
    if section.plus_addresses and not section.reply_address:
        raise InvalidRequest("plus_addresses", "give the reply address that they are made of")
    _must_exist(connection, Section, "escalation_id", section.escalation_id)
    if section.escalation_id == section.id:
        raise InvalidRequest("escalation_id", "a section cannot escalate to itself")
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


def _check_language(language: str) -> None:
    if not LANGUAGE.fullmatch(language):
        raise InvalidRequest(
            "language", f"{language!r} is no language; give a code such as en or pt-BR"
        )


def _must_exist(connection: Connection, model: type[Entry], field: str, id: int | None) -> None:
    if id is not None and directory.find(connection, model, id) is None:
        raise InvalidRequest(field, f"there is no {TABLES[model][0]} {id}")
