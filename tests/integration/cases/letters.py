"""A case with everybody on it, and mails about it with every kind of proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.cases.actions.ledger import Origin
from services.cases.actions.mails import Letter, order_mail
from services.cases.store import get
from services.contracts.mail import Address, MailSend

if TYPE_CHECKING:
    from conftest import Desk

ANN, CARL, MALLORY = "ann@blue.example", "carl@blue.example", "mallory@evil.example"
EVE, BOB, WIM = "eve@ours.example", "bob@ours.example", "wim@expert.example"
PAUL, REX = "paul@ours.example", "rex@ours.example"
PARTNER_SIDE, OUR_SIDE = {ANN, CARL}, {EVE, BOB, WIM}


def prepare(desk: Desk, **section: Any) -> None:
    """Signed addresses in the section, and two users who are not on the case."""
    version = desk.directory("section", 1)["version"]
    fields = {"plus_addresses": True, "close_on_partner_answer": True, **section}
    desk.command("save_section", id=1, version=version, fields=fields)
    for login, address, role in (("paul", PAUL, "agent"), ("rex", REX, "read-only")):
        fields = {"login": login, "name": login.title(), "address": address, "role": role}
        desk.command("save_user", fields=fields)


def full_case(desk: Desk, state: str = "open", description: str = "It burns.") -> int:
    """Ann's case: Eve is responsible, Bob and Wim watch on our side, Carl on Ann's."""
    watchers = [
        {"address": CARL},
        {"address": BOB, "side": "staff"},
        {"address": WIM, "side": "staff"},
    ]
    fields = {
        "subject": "Printer",
        "description": description,
        "contact_address": ANN,
        "section_id": 1,
        "responsible_id": desk.eve,
        "watchers": watchers,
    }
    number: int = desk.command("create_case", fields=fields, state="open")["number"]
    if state != "open":
        move(desk, number, state)
    desk.events()
    return number


def move(desk: Desk, number: int, state: str) -> None:
    desk.command("move_case", number=number, version=desk.case(number).version, state=state)


def we_wrote(desk: Desk, number: int, *addresses: str) -> MailSend:
    """A mail of ours about the case to these addresses, as it was ordered."""
    desk.events()
    with desk.transactions.begin() as transaction:
        case = get(transaction.connection, number)
        to = [Address(address=one) for one in addresses]
        order_mail(transaction, Origin(), case, to, Letter("pass_on", "What is new?"))
    (mail,) = desk.mails()
    return mail


def token_of(mail: MailSend) -> str:
    """The token in the address that the mail asks for answers to."""
    assert mail.data.reply_to is not None
    return mail.data.reply_to.address.partition("+")[2].partition("@")[0]


def proof(desk: Desk, number: int, sender: str, kind: str) -> dict[str, Any]:
    """What a mail of this sender carries that has this kind of proof and none better."""
    if kind == "message":
        return {"in_reply_to": (we_wrote(desk, number, sender).data.message_id,)}
    if kind == "token":
        return {"reply_token": token_of(we_wrote(desk, number, sender))}
    if kind == "thread":
        return {"references": (we_wrote(desk, number, "other@far.example").data.message_id,)}
    return {"case_number": number}


def recipients(mail: MailSend) -> set[str]:
    return {one.address for one in (*mail.data.to, *mail.data.cc)}
