"""What became of each mail of a flood: each that came in is one message on one case."""

from __future__ import annotations

import hashlib
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, select, text
from support.mail_flood import MailFlood
from support.mail_flood_sent import doubles_of
from support.mail_office import database_of
from support.system import wait_for

from services.cases.tables import messages
from services.cases.tables import outbox as cases_outbox
from services.contracts.mail import MailSend, MailSent
from services.mailgw.actions.process_stored_mails import FATAL
from services.mailgw.tables import outbox as mailgw_outbox
from services.mailgw.tables import outgoing, raw_mails

QUIET_SECONDS = 2.0
LOOK_SECONDS = 0.25


@dataclass
class Account:
    """The two ends of a flood that has come to rest; `wrong` holds a sentence for each fault."""

    given: int = 0
    on_cases: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    ordered: int = 0
    arrived: int = 0
    doubles: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.kinds.items()))
        told = f"{self.given} mails in ({kinds}), {self.on_cases} messages on cases; "
        told += f"{self.ordered} ordered, {self.arrived} came, {len(self.doubles)} of them again"
        return "\n".join([told, *(f"  {one}" for one in (*self.doubles, *self.wrong))])


def come_to_rest(flood: MailFlood, patience_seconds: float) -> None:
    """Wait until nothing waits anywhere, and has not for a while."""
    databases = {name: database_of(flood.system, name) for name in ("cases", "rules", "mailgw")}
    seen: list[tuple[int, ...]] = []

    def count(name: str, question: str) -> int:
        with databases[name].read() as connection:
            return int(connection.scalar(text(question)) or 0)

    def quiet() -> bool:
        time.sleep(LOOK_SECONDS)
        waiting = sum(
            count(name, "SELECT count(*) FROM outbox WHERE sent_at IS NULL") for name in databases
        )
        waiting += count("mailgw", "SELECT count(*) FROM raw_mails WHERE status = 'stored'")
        waiting += count(
            "mailgw", "SELECT count(*) FROM outgoing WHERE status IN ('queued', 'sending')"
        )
        waiting += len(flood.given) - count("mailgw", "SELECT count(*) FROM raw_mails")
        entries = count("cases", "SELECT max(position) FROM outbox")
        seen.append((waiting, entries, len(flood.arrivals)))
        latest = seen[-int(QUIET_SECONDS / LOOK_SECONDS) :]
        return waiting == 0 and len(latest) * LOOK_SECONDS >= QUIET_SECONDS and len({*latest}) == 1

    try:
        wait_for(quiet, "rest", patience_seconds)
    except AssertionError as error:
        raise AssertionError(f"{error}: {seen[-3:]} (waiting, events, arrivals)") from error
    finally:
        for database in databases.values():
            database.close()


def account_of(flood: MailFlood) -> Account:
    """Compare what was given and ordered with what is stored, filed and delivered."""
    account = Account(given=len(flood.given), arrived=len(flood.arrivals))
    with database_of(flood.system, "mailgw").read() as connection:
        stored = connection.execute(select(raw_mails)).mappings().all()
        queue = {row["id"]: row for row in connection.execute(select(outgoing)).mappings()}
        sent = map(MailSent.model_validate_json, _told(connection, mailgw_outbox, "mail.sent"))
        told_sent = [one.data.command_id for one in sent]
    with database_of(flood.system, "cases").read() as connection:
        told = _told(connection, cases_outbox, "mail.send")
        entries = connection.execute(select(messages)).mappings().all()
    orders = {order.id: order for order in map(MailSend.model_validate_json, told)}
    account.ordered = len(orders)
    _check_in(flood, account, stored, entries, orders)
    account.doubles, wrong = doubles_of(flood, orders, queue, Counter(told_sent))
    account.wrong += wrong
    return account


def _told(connection: Connection, outbox: Table, kind: str) -> list[str]:
    """The messages of this kind, as JSON."""
    question = select(outbox.c.body).where(outbox.c.type == kind).order_by(outbox.c.position)
    return list(connection.scalars(question))


def _check_in(
    flood: MailFlood, account: Account, stored: Any, entries: Any, orders: dict[str, MailSend]
) -> None:
    rows: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in stored:
        rows[row["account"], row["sha256"]].append(row)
    places: dict[str, list[Any]] = defaultdict(list)
    for entry in entries:
        places[entry["message_id"]].append(entry)
    cases = {order.data.message_id: order.case_id for order in orders.values()}
    if len(stored) != len(flood.given):
        account.wrong.append(f"{len(stored)} are stored of {len(flood.given)} given")
    counted: set[str] = set()
    for given in flood.given:
        found = rows[given.account, hashlib.sha256(given.raw).hexdigest()]
        if len(found) != 1:
            account.wrong.append(f"stored {len(found)} times: {given.kind} {given.raw[:200]!r}")
            continue
        (row,) = found
        here = places[row["message_id"]] if row["message_id"] else []
        what = f"{given.kind} {row['message_id']} {row['status']}, {row['filed']} {row['why']}"
        end = _end(row)
        account.kinds[f"{given.kind} {end}"] += 1
        if (given.kind == "spam") != (end == "quarantined") and given.kind != "broken":
            account.wrong.append(f"at a wrong end: {what}")
        if row["why"] == FATAL:
            account.wrong.append(f"given up for a kill: {what}")
        if len(here) != (end in ("filed", "again")):
            account.wrong.append(f"on {len(here)} places: {what}")
        if here and row["case_number"] != here[0]["case_number"]:
            account.wrong.append(f"told to be on {row['case_number']}, is elsewhere: {what}")
        if here and given.answers and here[0]["case_number"] != cases[given.answers]:
            account.wrong.append(f"on another case than what it answers: {what}")
        if here and row["message_id"] not in counted:
            counted.add(row["message_id"])
            account.on_cases += 1
    by_mail = sum(entry["message_id"] != "" for entry in entries)
    if by_mail != account.on_cases or len(entries) - by_mail != flood.replies:
        told = f"{len(entries)} entries, {by_mail} of them by mail; {account.on_cases} are of mails"
        account.wrong.append(f"{told} that were given, {flood.replies} of agents")


def _end(row: Any) -> str:
    if row["status"] != "published":
        return str(row["status"])
    return {None: "lost", "again": "again", "aside": "aside"}.get(row["filed"], "filed")
