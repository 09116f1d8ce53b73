"""All that a mail of ours says, in its order: the text, the signature, what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.contracts.mail import Attachment, MailSendData
from services.mailgw.incoming.charset import clean
from services.mailgw.model.wording import Wording, wording

SEPARATOR = "-- "  # mail programs know a signature by this line (RFC 3676 §4.3)
MOST_QUOTED_CHARACTERS = 20_000


@dataclass(frozen=True)
class Words:
    """Text, and what stands below it where it is not empty: lines end in a line feed alone."""

    text: str
    signature: str = ""
    heading: str = ""
    quoted: str = ""


def words_of(mail: MailSendData, left_out: Sequence[Attachment], public_address: str = "") -> Words:
    """What the order says; attachments `left_out` are named below the text.

    `public_address` is where the web service is reached: links into the portal begin with it.
    """
    known = wording(mail.language)
    text = _plain(mail.text)
    if left_out:
        names = ", ".join(f"{clean(a.filename)} ({_size(a.size_bytes)})" for a in left_out)
        text = f"{text.rstrip()}\n\n[{known.not_attached.format(names=names)}]\n"
    foot = "\n".join(filter(None, (_signature(mail), _portal(mail, known, public_address))))
    return Words(text, foot, *_quotation(mail, known))


def as_text(words: Words) -> str:
    """The words as plain text."""
    parts = [words.text]
    if words.signature:
        parts.append(f"{SEPARATOR}\n{words.signature}")
    if words.quoted:
        lines = "\n".join(_quoted(line) for line in words.quoted.split("\n"))
        parts.append(f"{words.heading}\n{lines}")
    if len(parts) == 1:
        return words.text
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _signature(mail: MailSendData) -> str:
    """Without a separator of its own, should whoever wrote it have put one there."""
    signature = _plain(mail.signature).strip("\n")
    first, _, rest = signature.partition("\n")
    return rest.strip("\n") if first.rstrip() == SEPARATOR.rstrip() else signature


def _portal(mail: MailSendData, known: Wording, public_address: str) -> str:
    """The line with the link, in the signature: what an answer repeats of it counts as quoted."""
    if mail.portal is None or not public_address:
        return ""
    sentence = known.follow if mail.portal.opens == "case" else known.all_cases
    return sentence.format(link=f"{public_address}/portal/{mail.portal.token}")


def _quotation(mail: MailSendData, known: Wording) -> tuple[str, str]:
    if mail.quotation is None:
        return "", ""
    quoted = _plain(mail.quotation.text).strip("\n")[:MOST_QUOTED_CHARACTERS]
    heading = known.heading(clean(mail.quotation.author), mail.quotation.at)
    return (heading, quoted) if quoted.strip() else ("", "")


def _quoted(line: str) -> str:
    if not line:
        return ">"
    return f">{line}" if line.startswith(">") else f"> {line}"


def _plain(text: str) -> str:
    return clean(text.replace("\r\n", "\n").replace("\r", "\n"))


def _size(size_bytes: int) -> str:
    megabytes = size_bytes / 1024**2
    return f"{megabytes:.0f} MB" if megabytes >= 1 else f"{max(1, size_bytes // 1024)} KB"
