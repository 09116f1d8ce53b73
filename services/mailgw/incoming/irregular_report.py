"""Delivery reports that follow no standard: those of qmail, Exim, Exchange, Notes and others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from email.message import Message

from services.mailgw.incoming.body import as_text, flat
from services.mailgw.incoming.headers import decode_words, read_headers
from services.mailgw.incoming.parts import leaves, text_of
from services.mailgw.model.mail import DeliveryReport

MOST_CHARACTERS = 200_000
MOST_RECIPIENTS = 20
MOST_WHY_CHARACTERS = 500
# What contracts.mail.message_id_for makes: no mail of anybody else has it.
OURS = re.compile(r"<casewire\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}@[^<>\s]{1,255}>", re.I)
_PROGRAMS = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-daemon|mailer|maildelivery|mdaemon|bounces?|null)\b", re.I
)
_FAILED = re.compile(
    r"undeliver|delivery (?:status notification \(?fail|has failed|fail|report|problem)"
    r"|returned (?:mail|to sender)|mail delivery (?:failed|system|subsystem)|failure notice"
    r"|fail(?:ed|ure) (?:delivery|notice)|non ?delivery|unzustellbar|nicht zugestellt"
    r"|non remis|non distribu|échec de (?:la )?remise|no se puede entregar|no entregado"
    r"|mancato recapito|onbestelbaar|niet bezorgd|niedostarcz|olever|kunde inte levereras"
    r"|配信できません|配信不能|退信|无法送达|не доставлено|недоставленн",
    re.I,
)
_DELAYED = re.compile(
    r"delay|could not send message for past|still (?:being )?retr|verzöger|retard[ée]|retras"
    r"|ritard|vertraag|warning: message|will (?:be )?(?:retried|retry|keep trying)",
    re.I,
)
Headers = Mapping[str, tuple[str, ...]]
_ADDRESS = r"[^\s<>\"(),;:@]{1,64}@[^\s<>\"(),;:@]{1,255}"
# On a line of its own, as these programs write whom they could not reach.
_RECIPIENT = re.compile(
    r"^[ \t]{0,20}(?:(?:to|recipient|final-recipient:[^;\n]{0,20})[:;][ \t]{0,20})?"
    rf"<?({_ADDRESS})>?"
    r"[ \t]{0,20}:?[ \t]{0,20}(?:\([^)\n]{0,100}\))?$",
    re.I | re.M,
)
_REASON = re.compile(
    r"^.{0,200}?\b([45]\d\d(?:[ -]|: )(?:#?[45]\.\d{1,3}\.\d{1,3})?.{0,300})$", re.M
)
# What stands below the address on a line of its own, as Yahoo and qmail write it.
_BELOW = re.compile(
    rf"^[ \t]{{0,20}}<?{_ADDRESS}>?[ \t]{{0,20}}:?[ \t]{{0,20}}\n+(\S.{{4,300}})$", re.M
)


def read_irregular_report(message: Message, headers: Headers) -> DeliveryReport | None:
    """What a program's mail tells of a delivery in its own words; None when it tells of none.

    `headers` are those of the mail, as `read_headers` answers them.
    """
    subject = decode_words(" ".join(headers.get("subject", ())[:1]))
    failed = _addresses(headers.get("x-failed-recipients", ()))
    sender = " ".join((*headers.get("return-path", ())[:1], *headers.get("from", ())[:1]))
    if not failed and not _is_from_a_program(sender):
        return None
    if not failed and not _FAILED.search(subject) and not _DELAYED.search(subject):
        return None
    text = _text(message)
    reason = _REASON.search(text) or _BELOW.search(text)
    return DeliveryReport(
        message_id=id_of_ours(message, text),
        recipients=tuple(failed or _addresses(_RECIPIENT.findall(text)))[:MOST_RECIPIENTS],
        action="delayed" if _DELAYED.search(subject) and not failed else "failed",
        why=(reason[1] if reason else subject).strip()[:MOST_WHY_CHARACTERS],
    )


def id_of_ours(message: Message, text: str | None = None) -> str:
    """The Message-ID of a mail of ours that stands anywhere in this one; empty when none does."""
    headers = read_headers(message)
    for name in ("in-reply-to", "references", "x-original-message-id", "original-message-id"):
        found = OURS.search(" ".join(headers.get(name, ()))[-20_000:])
        if found:
            return found[0]
    found = OURS.search(_text(message) if text is None else text)
    return found[0] if found else ""


def _is_from_a_program(sender: str) -> bool:
    if "<>" in sender.replace(" ", ""):
        return True
    addresses = re.findall(_ADDRESS, sender[:2000])
    return any(_PROGRAMS.match(address) for address in addresses)


def _text(message: Message) -> str:
    """What its parts say, with the headers of a mail that came back; bounded."""
    found: list[str] = []
    room = MOST_CHARACTERS
    for _, part, _ in leaves(message):
        payload = part.get_payload()
        if isinstance(payload, list) and payload and isinstance(payload[0], Message):
            heads = read_headers(payload[0]).items()
            text = "\n".join(f"{name}: {value}" for name, values in heads for value in values)
        elif part.get_content_type() == "text/html":
            text = as_text(flat(text_of(part)[:MOST_CHARACTERS]))
        elif part.get_content_maintype() in ("text", "message"):
            text = text_of(part)
        else:
            continue
        found.append(text[:room])
        room -= len(found[-1])
        if room <= 0:
            break
    return "\n".join(found)


def _addresses(values: Iterable[str]) -> list[str]:
    found = (one for value in values for one in re.findall(_ADDRESS, value[:5000]))
    return list(dict.fromkeys(one.strip(".") for one in found))
