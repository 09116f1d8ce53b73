"""Where the cases service keeps what is known of a person, and how he is erased from it."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr

from sqlalchemy import Connection, func, select, update

from services.cases import directory, store, tables
from services.cases.actions import ledger
from services.cases.actions.ledger import Origin
from services.cases.actions.save_directory import save_entry_by
from services.cases.search import documents
from services.cases.search.writing import whole
from services.contracts.directory import Partner, SavePartner
from services.contracts.envelope import SYSTEM
from services.contracts.erasure import NAME, Erasure, erased
from services.messaging.erasing import Kept, is_written_by, outbox_of, rewrite, rows_about
from services.messaging.transaction import Transactions
from services.runtime.identity import new_id

REASON = "personal data were erased by an operator"

_CASES = Kept(
    tables.cases,
    ("snapshot", "contact_address", "description"),
    written=("description",),
    case="number",
)
_WRITTEN = ("subject", "text", "quoted", "html", "attachments", "remark")
_MESSAGES = Kept(
    tables.messages, ("author", *_WRITTEN), written=_WRITTEN, case="case_number", by="author"
)
KEPT: tuple[Kept, ...] = (
    _MESSAGES,
    Kept(tables.history, ("actor_name", "reason", "cause", "changes"), case="case_number"),
    Kept(tables.quality_actions, ("text",), case="case_number"),
    Kept(tables.directory_history, ("actor_name", "changes")),
    Kept(tables.partners, ("payload",)),
    Kept(tables.answers, ("answer",)),
    outbox_of(tables.outbox),
    _CASES,
)


def find_person(connection: Connection, address: str, stand_in: str) -> Erasure:
    """What the cases service knows of who has this address: what he is called, and his cases."""
    c = tables.cases.c
    rows = connection.execute(
        select(c.number, c.snapshot).where(c.contact_address == address.lower())
    ).all()
    names = {str((snapshot.get("contact") or {}).get("name", "")) for _, snapshot in rows}
    found = directory.contact_by_address(connection, address)
    if found is not None:
        names.add(found[0].name)
    author = tables.messages.c.author
    wrote = func.lower(author).contains(address.lower(), autoescape=True)
    for said in connection.scalars(select(author).where(wrote).distinct()):
        name, its_address = parseaddr(said)
        if its_address.lower() == address.lower():
            names.add(name)
    own = frozenset(number for number, _ in rows)
    erasure = Erasure(
        address=address,
        names=tuple(sorted(name for name in names if name)),
        cases=own,
        stand_in=stand_in,
    )
    took_part = frozenset(_numbers_of_documents(connection, erasure)) - own
    return erasure.model_copy(update={"took_part": took_part})


def is_user(connection: Connection, address: str) -> bool:
    """Whether it is the address of one of our own people."""
    return directory.user_by_address(connection, address) is not None


def files_of(connection: Connection, erasure: Erasure) -> set[str]:
    """The hashes of what is attached to what he wrote, and to his cases."""
    rows = rows_about(connection, _MESSAGES, erasure)
    his = (row for row in rows if is_written_by(_MESSAGES, row, erasure))
    return {one["sha256"] for row in his for one in row["attachments"] if one.get("sha256")}


def erase(transactions: Transactions, erasure: Erasure) -> dict[str, int]:
    """Rewrite everything without him; how many rows of each table. It may be done again.

    His cases come last: as long as this has not come to its end they can be found by him.
    """
    _leave_partner(transactions, erasure)
    with transactions.database.read() as connection:
        documented = _numbers_of_documents(connection, erasure)
    rest = [kept for kept in KEPT if kept is not _CASES]
    counted = {kept.table.name: rewrite(transactions.database, kept, erasure) for kept in rest}
    counted["message_ids"] = _forget_recipient(transactions, erasure)
    told = sorted(erasure.cases) if _is_known(transactions, erasure) else []
    counted["cases"] = rewrite(transactions.database, _CASES, erasure)
    for number in documented:
        _write_document(transactions, number)
    _tell(transactions, told)
    return counted


def _numbers_of_documents(connection: Connection, erasure: Erasure) -> list[int]:
    """The cases by whose words he, or what he wrote, could be found."""
    found = {int(row["case_number"]) for row in rows_about(connection, _MESSAGES, erasure)}
    return sorted(found | {int(row["number"]) for row in rows_about(connection, _CASES, erasure)})


def _is_known(transactions: Transactions, erasure: Erasure) -> bool:
    with transactions.database.read() as connection:
        return bool(find_person(connection, erasure.address, "").cases)


def _leave_partner(transactions: Transactions, erasure: Erasure) -> None:
    """He is no contact any more; a partner that was nobody but him loses his name, too."""
    with transactions.begin() as transaction:
        connection = transaction.connection
        found = directory.contact_by_address(connection, erasure.address)
        if found is None:
            return
        contact, partner_id = found
        partner = directory.get(connection, Partner, partner_id)
        left = [one.model_dump() for one in partner.contacts if one.id != contact.id]
        fields: dict[str, object] = {"contacts": left}
        if not left and partner.name in (contact.name, *erasure.names, erasure.address):
            fields["name"] = f"{NAME} {partner.id}"
        command = SavePartner(
            idempotency_key=new_id(), id=partner.id, version=partner.version, fields=fields
        )
        save_entry_by(transaction, Partner, command, SYSTEM)
    if "name" in fields:
        _rename_in_history(transactions, partner_id, erasure)


def _rename_in_history(transactions: Transactions, partner_id: int, erasure: Erasure) -> None:
    """The changes of a partner that was nobody but him hold his name without his address."""
    t = tables.directory_history
    is_it = (t.c.what == "partner") & (t.c.key == str(partner_id))
    with transactions.database.write() as connection:
        for row in connection.execute(select(t.c.version, t.c.changes).where(is_it)).all():
            told = erased(row.changes, erasure, written=False)
            connection.execute(
                update(t).where(is_it, t.c.version == row.version).values(changes=told)
            )


def _forget_recipient(transactions: Transactions, erasure: Erasure) -> int:
    """Part of a key, and so not for `rewrite`; answers to such mails still find their case."""
    t = tables.message_ids
    change = update(t).where(t.c.recipient == erasure.address.lower())
    with transactions.database.write() as connection:
        return connection.execute(change.values(recipient=erasure.stand_in)).rowcount


def _tell(transactions: Transactions, numbers: Sequence[int]) -> None:
    """The history says what was done, without naming him."""
    for number in numbers:
        with transactions.begin() as transaction:
            case = store.get(transaction.connection, number)
            ledger.note(transaction, Origin(reason=REASON), case)


def _write_document(transactions: Transactions, number: int) -> None:
    """The search finds the case by the words it has now, and by no other."""
    m = tables.messages
    with transactions.database.write() as connection:
        case = store.get(connection, number)
        said = select(m.c.subject, m.c.text).where(m.c.case_number == number)
        entries = [(row.subject, row.text) for row in connection.execute(said)]
        documents.forget(connection, number)
        documents.write(
            connection, [whole(case, store.description_of(connection, number), entries)]
        )
