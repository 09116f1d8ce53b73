"""All SQL about users, sections, partners, kinds and categories.

What has been read is kept for as long as its connection is used: a batch of a hundred mails
asks for the same few sections and users a thousand times.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from services.cases import tables
from services.cases.model.tree import with_ancestors, with_paths
from services.contracts.directory import Kind, Partner, PartnerContact, Section, TreeNode, User
from services.contracts.errors import NotFound

NOT_IN_PAYLOAD = {"id", "version", "contacts", "category_path_ids"}
Entry = TypeVar("Entry", User, Section, Partner)
Found = TypeVar("Found")
TABLES: dict[type[Any], tuple[str, Table, tuple[str, ...]]] = {
    User: ("user", tables.users, ("login", "address")),
    Section: ("section", tables.sections, ("name",)),
    Partner: ("partner", tables.partners, ("name",)),
}


_USERS_AT = select(tables.users).where(tables.users.c.address == bindparam("its_address"))
_CONTACT_AT = select(tables.partner_contacts).where(
    tables.partner_contacts.c.address == bindparam("its_address")
)
_KNOWN: WeakKeyDictionary[Connection, dict[Any, Any]] = WeakKeyDictionary()


def find(connection: Connection, model: type[Entry], id: int | None) -> Entry | None:
    """The entry with this id, or None."""
    _, table, _ = TABLES[model]

    def read() -> Entry | None:
        row = connection.execute(select(table).where(table.c.id == id)).mappings().first()
        return _read(connection, model, row) if row else None

    return _known(connection, (model, id), read) if id is not None else None


def get(connection: Connection, model: type[Entry], id: int) -> Entry:
    """The entry with this id. Raises NotFound."""
    found = find(connection, model, id)
    if found is None:
        raise NotFound(TABLES[model][0], id)
    return found


def hold(connection: Connection, model: type[Entry], id: int) -> Entry:
    """The same, read anew and locked until the commit where the database can.

    All sections are: two who move them could make a ring of them.
    """
    _, table, _ = TABLES[model]
    which = table.c.id > 0 if model is Section else table.c.id == id
    connection.execute(select(table.c.id).where(which).order_by(table.c.id).with_for_update())
    forget(connection)
    return get(connection, model, id)


def every(connection: Connection, model: type[Entry]) -> list[Entry]:
    """All entries, oldest first."""
    _, table, _ = TABLES[model]

    def read() -> list[Entry]:
        rows = connection.execute(select(table).order_by(table.c.id)).mappings()
        return [_read(connection, model, row) for row in rows]

    return _known(connection, (model, "every"), read)


def add(connection: Connection, entry: Entry) -> Entry:
    """Insert an entry and answer it with its new id."""
    _, table, _ = TABLES[type(entry)]
    forget(connection)
    result = connection.execute(insert(table).values(version=1, **_columns(entry)))
    assert result.inserted_primary_key is not None
    added = entry.model_copy(update={"id": result.inserted_primary_key[0], "version": 1})
    return _with_contacts(connection, added)


def save(connection: Connection, entry: Entry) -> Entry:
    """Write an entry with a version one higher, and answer it."""
    _, table, _ = TABLES[type(entry)]
    saved = entry.model_copy(update={"version": entry.version + 1})
    forget(connection)
    values = {"version": saved.version, **_columns(saved)}
    connection.execute(update(table).where(table.c.id == saved.id).values(**values))
    return _with_contacts(connection, saved)


def user_by_login(connection: Connection, login: str) -> User | None:
    """The user who signs in by this name."""
    t = tables.users
    row = connection.execute(select(t).where(t.c.login == login)).mappings().first()
    return _read(connection, User, row) if row else None


def user_by_address(connection: Connection, address: str) -> User | None:
    """An active user whom mail reaches at this address."""
    wanted = address.lower()

    def read() -> User | None:
        rows = connection.execute(_USERS_AT, {"its_address": wanted}).mappings()
        return next((u for u in (_read(connection, User, row) for row in rows) if u.active), None)

    return _known(connection, ("user at", wanted), read)


def contact_by_address(connection: Connection, address: str) -> tuple[PartnerContact, int] | None:
    """A partner's contact at this address, with the partner's id."""
    rows = connection.execute(_CONTACT_AT, {"its_address": address.lower()}).mappings()
    row = rows.first()
    return (PartnerContact.model_validate(dict(row)), row["partner_id"]) if row else None


def partners_in(connection: Connection, categories: Collection[int]) -> list[Partner]:
    """The partners that one of these categories was given directly, oldest first."""
    t = tables.partners
    rows = connection.execute(select(t.c.id, t.c.payload).order_by(t.c.id))
    found = [id for id, one in rows if not set(categories).isdisjoint(one["category_ids"])]
    return [get(connection, Partner, id) for id in found]


def kinds(connection: Connection) -> list[Kind]:
    """All kinds of case, by name."""

    def read() -> list[Kind]:
        rows = connection.execute(select(tables.kinds).order_by(tables.kinds.c.name)).mappings()
        return [Kind.model_validate(dict(row)) for row in rows]

    return _known(connection, "kinds", read)


def kind_called(connection: Connection, code: str) -> Kind | None:
    """The kind of case with this code."""
    return next((kind for kind in kinds(connection) if kind.code == code), None)


def tree(connection: Connection, table: Table) -> dict[int, TreeNode]:
    """A tree of categories by id; each `path` reads from the root down."""

    def read() -> dict[int, TreeNode]:
        rows = connection.execute(select(table)).mappings()
        return with_paths(TreeNode.model_validate(dict(row)) for row in rows)

    return _known(connection, ("tree", table.name), read)


def forget(connection: Connection) -> None:
    """Read anew from now on; whoever writes to the directory calls it."""
    _KNOWN.pop(connection, None)


def _known(connection: Connection, key: Any, read: Callable[[], Found]) -> Found:
    known = _KNOWN.setdefault(connection, {})
    if key not in known:
        known[key] = read()
    return cast(Found, known[key])


def _read(connection: Connection, model: type[Entry], row: Any) -> Entry:
    read = model.model_validate({**row["payload"], "id": row["id"], "version": row["version"]})
    if not isinstance(read, Partner):
        return read
    t = tables.partner_contacts
    found = select(t).where(t.c.partner_id == read.id).order_by(t.c.id)
    contacts = tuple(
        PartnerContact.model_validate(dict(r)) for r in connection.execute(found).mappings()
    )
    above = with_ancestors(tree(connection, tables.partner_categories), read.category_ids)
    return read.model_copy(update={"contacts": contacts, "category_path_ids": above})


def _columns(entry: User | Section | Partner) -> dict[str, Any]:
    _, _, names = TABLES[type(entry)]
    payload = entry.model_dump(mode="json", exclude=NOT_IN_PAYLOAD)
    columns = {name: getattr(entry, name) for name in names}
    if columns.get("address"):
        columns["address"] = columns["address"].lower()
    return {**columns, "payload": payload}


def _with_contacts(connection: Connection, entry: Entry) -> Entry:
    """A partner's contacts are rows of their own, so that an address finds its partner."""
    if not isinstance(entry, Partner):
        return entry
    t = tables.partner_contacts
    connection.execute(t.delete().where(t.c.partner_id == entry.id))
    for contact in entry.contacts:
        row = contact.model_dump(exclude={"id"} if contact.id is None else set())
        row["address"] = row["address"].lower()
        connection.execute(insert(t).values(partner_id=entry.id, **row))
    return get(connection, Partner, entry.id)
