"""What a stored mail is: received, our own, or unreadable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.contracts.envelope import Actor
from services.contracts.mail import MailQuarantined, MailReceived, QuarantineData
from services.mailgw.errors import UnreadableMail
from services.mailgw.incoming.charset import clean
from services.mailgw.incoming.parse import parse
from services.mailgw.incoming.peek import peek
from services.mailgw.incoming.pipeline import judge, kept_parts, received_data
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.model.glimpse import Glimpse
from services.mailgw.model.mail import DeliveryReport, Mail
from services.mailgw.raw_store import Waiting
from services.runtime.clock import now
from services.runtime.identity import new_id

MOST_WHY_CHARACTERS = 1000
UNSEEN = Glimpse()


@dataclass(frozen=True)
class Result:
    """What became of one mail, and the message that says so (none for our own mail).

    `report` is there when the mail says that one of ours came back; `contents` are the bytes
    of the message's attachments, in their order; `seen` is what lists show of it.
    """

    entry: Waiting
    status: str
    why: str = ""
    verdicts: list[dict[str, str]] = field(default_factory=list)
    message: MailReceived | MailQuarantined | None = None
    report: DeliveryReport | None = None
    contents: tuple[bytes, ...] = ()
    seen: Glimpse = UNSEEN


def look_into(entry: Waiting, raw: bytes, account: IncomingAccount, own: frozenset[str]) -> Result:
    """Parse and judge a mail. Never raises over one."""
    try:
        return _read(entry, parse(raw, own, account.trusted_host), account)
    except UnreadableMail as error:
        return quarantined(entry, str(error), peek(raw))
    except Exception as error:  # noqa: BLE001  any mail must end somewhere visible
        why = f"it cannot be judged ({type(error).__name__}: {error})"
        return quarantined(entry, why, peek(raw))


def quarantined(
    entry: Waiting,
    why: str,
    seen: Glimpse = UNSEEN,
    verdicts: Sequence[dict[str, str]] = (),
) -> Result:
    """The mail stays whole, with what was wrong; one that filters hold back with their verdicts."""
    why = clean(why)[:MOST_WHY_CHARACTERS]
    data = QuarantineData(mail_id=entry.id, account=entry.account, why=why)
    message = MailQuarantined(id=new_id(), occurred_at=now(), data=data)
    return Result(entry, "quarantined", why, [*verdicts], message, seen=seen)


def _read(entry: Waiting, mail: Mail, account: IncomingAccount) -> Result:
    verdicts = judge(mail)
    said = [{"filter": v.filter, "outcome": v.outcome, "why": v.why} for v in verdicts]
    seen = Glimpse.of(mail.message_id, mail.sender.address, mail.subject)
    own = next((v for v in verdicts if v.own), None)
    if own is not None:
        return Result(entry, "own", own.why, said, seen=seen)
    spam = next((v for v in verdicts if v.spam), None)
    if spam is not None and account.spam == "hold" and entry.by_hand is None:
        return quarantined(entry, spam.why, seen, said)
    data = received_data(mail, verdicts, account, entry.id, entry.received_at)
    if entry.by_hand == "make_case":
        data = data.model_copy(update={"forced": True})
    actor = Actor(kind="stranger", name=mail.sender.name or mail.sender.address)
    message = MailReceived(id=new_id(), occurred_at=now(), actor=actor, data=data)
    bounced = any(v.bounced for v in verdicts)
    report = mail.report if bounced else None
    contents = tuple(part.content for part in kept_parts(mail, account))
    return Result(entry, "published", "", said, message, report, contents, seen)
