"""Commands by which an operator looks at mails and decides about them."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable

from services.contracts.envelope import Actor
from services.contracts.errors import ContractError, InvalidRequest
from services.contracts.mail_lists import (
    MailLine,
    MailQuestion,
    MailView,
    OutgoingAct,
    OutgoingLine,
    OutgoingQuestion,
)
from services.contracts.reading import read
from services.mailgw import mail_list, outgoing_list
from services.mailgw.actions.act_on_mail import act_on_mail
from services.mailgw.actions.act_on_outgoing import act_on_outgoing
from services.mailgw.incoming.pipeline import QUESTIONS
from services.mailgw.tables import inbox, outbox
from services.messaging.transaction import Transactions
from services.runtime.database import open_database
from services.runtime.settings import Settings

PIECE_BYTES = 1024 * 1024
DONE = {
    "again": "it is tried again",
    "let_in": "it is let in",
    "make_case": "a case is made of it",
    "give_up": "it is given up",
}


def run(chosen: argparse.Namespace) -> int:
    """Run one command; 0, or 65 with a sentence when it cannot be done."""
    transactions = Transactions(open_database(Settings.load(), "mailgw"), outbox, inbox)
    try:
        COMMANDS[chosen.command](transactions, chosen)
    except ContractError as error:
        print(f"{chosen.command}: {error}", file=sys.stderr)
        return os.EX_DATAERR
    finally:
        transactions.database.close()
    return 0


def _mails(transactions: Transactions, chosen: argparse.Namespace) -> None:
    given = {
        "q": chosen.q,
        "account": chosen.account,
        "status": chosen.status,
        "case_number": chosen.case,
        "cursor": chosen.before,
        "limit": chosen.limit,
    }
    asked = read(MailQuestion, given, "question")
    with transactions.database.read() as connection:
        page = mail_list.page(connection, asked)
    for item in page["items"]:
        print(_line(MailLine.model_validate(item)))
    if page["next"]:
        print(f"more: --before {page['next']}")


def _mail(transactions: Transactions, chosen: argparse.Namespace) -> None:
    with transactions.database.read() as connection:
        mail = mail_list.view(connection, chosen.id)
    print(_line(mail))
    print(f"  Message-ID {plain(mail.message_id or 'unknown')}, {mail.size_bytes} bytes")
    if mail.why or mail.filed_why:
        print(f"  {plain(mail.why or mail.filed_why or '')}")
    for verdict in mail.verdicts:
        print(f"  {verdict.filter}: {verdict.outcome} {plain(verdict.why)}".rstrip())
    for act in mail.acts:
        print(f"  {act.at:%Y-%m-%d %H:%M} {plain(act.user_name)}: {DONE.get(act.act, act.act)}")


def _retry(transactions: Transactions, chosen: argparse.Namespace) -> None:
    """Do what is open for the mail; never more than one thing is."""
    mail = _view(transactions, chosen.id)
    if not mail.may:
        raise InvalidRequest("id", f"nothing is open for a mail that is {mail.status}")
    act_on_mail(transactions, chosen.id, mail.may[0], _operator())
    print(DONE[mail.may[0]])


def _raw(transactions: Transactions, chosen: argparse.Namespace) -> None:
    offset = 0
    while True:
        with transactions.database.read() as connection:
            piece = mail_list.piece(connection, chosen.id, offset, PIECE_BYTES)
        if not piece:
            return
        sys.stdout.buffer.write(piece)
        offset += len(piece)


def _filters(_transactions: Transactions, _chosen: argparse.Namespace) -> None:
    for number, one in enumerate(QUESTIONS, 1):
        print(f"{number}. {one.name}: {one.asks}")


def _queue(transactions: Transactions, chosen: argparse.Namespace) -> None:
    status = "failed" if chosen.failed else "waiting"
    given = {"status": status, "limit": chosen.limit, "cursor": chosen.after}
    asked = read(OutgoingQuestion, given, "question")
    with transactions.database.read() as connection:
        page = outgoing_list.page(connection, asked)
    for item in page["items"]:
        mail = OutgoingLine.model_validate(item)
        about = f"[{mail.case_number}] " if mail.case_number else ""
        when = f"next {mail.next_attempt_at:%Y-%m-%d %H:%M}" if status == "waiting" else "given up"
        print(f"{mail.id} {when}, {mail.attempts} attempts, to {plain(', '.join(mail.to))}")
        print(f"  {about}{plain(mail.subject)}\n  {plain(mail.why)}".rstrip())
    if page["next"]:
        print(f"more: --after '{page['next']}'")


def _outgoing(act: OutgoingAct) -> Callable[[Transactions, argparse.Namespace], None]:
    def carry_out(transactions: Transactions, chosen: argparse.Namespace) -> None:
        act_on_outgoing(transactions, chosen.id, act, _operator())
        print(DONE[act])

    return carry_out


COMMANDS: dict[str, Callable[[Transactions, argparse.Namespace], None]] = {
    "mails": _mails,
    "mail": _mail,
    "retry": _retry,
    "raw": _raw,
    "filters": _filters,
    "queue": _queue,
    "send": _outgoing("again"),
    "give-up": _outgoing("give_up"),
}


def _view(transactions: Transactions, mail_id: str) -> MailView:
    with transactions.database.read() as connection:
        return mail_list.view(connection, mail_id)


def _line(mail: MailLine) -> str:
    case = f" [{mail.case_number}]" if mail.case_number else ""
    who, what = mail.sender or "unknown", mail.subject or "(no subject)"
    return (
        f"{mail.id} {mail.received_at:%Y-%m-%d %H:%M} {mail.account} {mail.status}{case}"
        f" {plain(who)}: {plain(what)}"
    )


def plain(text: str) -> str:
    """A stranger's text must not move the cursor of a terminal, nor fail for its encoding."""
    shown = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
    encoding = sys.stdout.encoding or "ascii"
    return shown.encode(encoding, "backslashreplace").decode(encoding)


def _operator() -> Actor:
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = f"user {os.getuid()}"
    return Actor(kind="system", name=f"{name} at the command line")
