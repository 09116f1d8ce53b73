"""From the numbers a caller gives to what a case holds: sections, persons and partners by name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from services.cases import directory, tables
from services.cases.actions.calendar_values import calendar_values
from services.cases.actions.custom_values import custom_values, fitting
from services.cases.model.kinds import DEFAULT_KIND
from services.cases.model.tags import tidy_tags
from services.contracts.case_commands import CaseFields
from services.contracts.cases import CaseSnapshot, Contact, Ref, Watcher
from services.contracts.directory import Kind, Partner, Section, User
from services.contracts.errors import InvalidRequest


def resolve(
    connection: Connection, fields: CaseFields, before: CaseSnapshot | None = None
) -> dict[str, Any]:
    """The values of a case for the fields that a person gave; `before` is None for a new one.

    Raises InvalidRequest for a number that names nothing or, unless the case has it already,
    what is not active any more; and for custom fields that do not fit the kind.
    """
    given = {name: getattr(fields, name) for name in fields.model_fields_set}
    given.pop("description", None)
    values: dict[str, Any] = {}
    if "section_id" in given:
        values |= section_values(connection, given.pop("section_id"))
    if "responsible_id" in given:
        values |= responsible_values(connection, given.pop("responsible_id"))
    if "category_id" in given:
        values |= category_values(connection, given.pop("category_id"))
    if "contact_address" in given:
        values |= contact_values(connection, given.pop("contact_address"))
    if "partner_id" in given:
        values |= partner_values(connection, given.pop("partner_id"), values.get("contact"))
    values |= calendar_values(given, before)
    _check_active(connection, before, values)
    _check_plain(connection, given, before)
    return {**given, **values, "custom": _custom(connection, given, before)}


def section_values(connection: Connection, id: int | None) -> dict[str, Any]:
    """`section` and `section_path`, which holds the section and those above it."""
    if id is None:
        return {"section": None, "section_path": ()}
    section = _must(directory.find(connection, Section, id), "section_id", id)
    path: list[int] = []
    above: Section | None = section
    while above is not None and above.id not in path:
        path.append(above.id)
        above = directory.find(connection, Section, above.parent_id) if above.parent_id else None
    return {"section": Ref(id=section.id, name=section.name), "section_path": tuple(path)}


def first_section(connection: Connection) -> int | None:
    """Where a case goes that nobody puts anywhere: the oldest active section."""
    return next((s.id for s in directory.every(connection, Section) if s.active), None)


def responsible_values(connection: Connection, id: int | None) -> dict[str, Any]:
    """`responsible`."""
    if id is None:
        return {"responsible": None}
    user = _must(directory.find(connection, User, id), "responsible_id", id)
    return {"responsible": Ref(id=user.id, name=user.name)}


def category_values(connection: Connection, id: int | None) -> dict[str, Any]:
    """`category`, by its whole path."""
    if id is None:
        return {"category": None}
    node = _must(directory.tree(connection, tables.categories).get(id), "category_id", id)
    return {"category": Ref(id=node.id, name=node.path)}


def partner_values(
    connection: Connection, id: int | None, contact: Contact | None = None
) -> dict[str, Any]:
    """`partner` with its categories, and its first contact when none is given."""
    if id is None:
        return {"partner": None, "partner_categories": ()}
    partner = _must(directory.find(connection, Partner, id), "partner_id", id)
    values: dict[str, Any] = {
        "partner": Ref(id=partner.id, name=partner.name),
        "partner_categories": partner.category_path_ids,
    }
    if contact is None and partner.contacts:
        first = partner.contacts[0]
        values["contact"] = Contact(id=first.id, name=first.name, address=first.address)
    return values


def contact_values(connection: Connection, address: str | None, name: str = "") -> dict[str, Any]:
    """`contact`, and the partner it belongs to when we know one."""
    if not address:
        return {"contact": None}
    if "@" not in address.strip("@ "):
        raise InvalidRequest("contact_address", f"{address!r} is no mail address")
    known = directory.contact_by_address(connection, address)
    if known is None:
        return {"contact": Contact(name=name, address=address.strip())}
    contact, partner_id = known
    found = Contact(id=contact.id, name=contact.name or name, address=contact.address)
    return {**partner_values(connection, partner_id, found), "contact": found}


def usable_kind(connection: Connection, code: str) -> str:
    """This kind of case, or the default where it is not in use: a mail is never refused."""
    kind = directory.kind_called(connection, code)
    return code if kind and kind.active else DEFAULT_KIND


def _custom(
    connection: Connection, given: dict[str, Any], before: CaseSnapshot | None
) -> dict[str, Any]:
    """All custom fields of the case; those that another kind has not are dropped with it."""
    was = before.kind if before else DEFAULT_KIND
    code = given.get("kind", was)
    kind = directory.kind_called(connection, code) or Kind(code=code, name=code)
    held = before.custom if before else {}
    if code != was:
        held = fitting(kind, held)
    return custom_values(connection, kind, held, given.get("custom", {}))


def _check_active(
    connection: Connection, before: CaseSnapshot | None, values: dict[str, Any]
) -> None:
    """What has left is given no more cases; a case that has it may keep it."""
    for name in ("section", "responsible", "category"):
        ref, had = values.get(name), getattr(before, name, None)
        if ref is None or (had is not None and had.id == ref.id):
            continue
        if not _is_active(connection, name, ref.id):
            raise InvalidRequest(f"{name}_id", f"{ref.name} is not active any more; name another")


def _is_active(connection: Connection, name: str, id: int) -> bool:
    if name == "category":
        return directory.tree(connection, tables.categories)[id].active
    if name == "section":
        return directory.get(connection, Section, id).active
    return directory.get(connection, User, id).active


def _check_plain(
    connection: Connection, given: dict[str, Any], before: CaseSnapshot | None
) -> None:
    for name in ("subject", "kind", "priority", "currency"):
        if name in given and not given[name]:
            raise InvalidRequest(name, "must not be empty")
    if "kind" in given and (before is None or given["kind"] != before.kind):
        codes = [kind.code for kind in directory.kinds(connection) if kind.active]
        if given["kind"] not in codes:
            raise InvalidRequest("kind", f"must be one of {', '.join(codes)}")
    if "tags" in given:
        given["tags"] = tidy_tags(given["tags"] or ())
    if "watchers" in given:
        given["watchers"] = tuple(_sided(connection, one) for one in given["watchers"] or ())


def _sided(connection: Connection, watcher: Watcher) -> Watcher:
    """A watcher who is one of our users is on our side, whatever the caller says."""
    ours = directory.user_by_address(connection, watcher.address) is not None
    return watcher.model_copy(update={"side": "staff"}) if ours else watcher


def _must(found: Any, field: str, id: int) -> Any:
    if found is None:
        raise InvalidRequest(field, f"there is none with the number {id}")
    return found
