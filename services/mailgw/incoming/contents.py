"""What a mail consists of: its texts, its attachments, the meeting it is about."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from services.contracts.invitations import Invitation
from services.mailgw.incoming import calendar_part, parts, signed_mail, tnef
from services.mailgw.incoming.body import MOST_HTML_CHARACTERS, as_text, flat
from services.mailgw.incoming.boundaries import type_of_the_undivided
from services.mailgw.incoming.headers import message_ids, read_headers
from services.mailgw.model.mail import MailPart

MOST_UNPACKED_BYTES = 60 * 1024 * 1024
MOST_WRAPPINGS = 3  # a signature around a signature is seen; one around a dozen is a trap
ANY_BYTES = "application/octet-stream"
_TYPE = re.compile(r"(?=.{3,100}\Z)[!-~]+/[!-~]+")  # what no database and no header refuses
_PARSER = BytesParser(policy=compat32)


@dataclass
class Contents:
    """The plain and HTML texts in their order, and what comes with them."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    attachments: list[MailPart] = field(default_factory=list)
    invitation: Invitation | None = None
    remarks: list[str] = field(default_factory=list)
    packed_texts: list[str] = field(default_factory=list)
    room: int = MOST_UNPACKED_BYTES

    @property
    def has_text(self) -> bool:
        """Whether somebody would find anything to read in it."""
        return any(one.strip() for one in (*self.plain, *self.html, *self.packed_texts))

    @property
    def text(self) -> str:
        """The plain text; that of a winmail.dat where the mail has no other, and no HTML."""
        plain = "\n\n".join(self.plain)
        if not plain.strip() and not any(one.strip() for one in self.html):
            plain = "\n\n".join(self.packed_texts)
        return "\n\n".join([*self.remarks, plain] if self.remarks else [plain])


def read_contents(message: Message) -> Contents:
    """Walk the parts of a mail; what is wrapped or packed is opened, as far as it is clear."""
    contents = Contents()
    _read(contents, message, wrappings=0, number_of_all=None)
    if not contents.has_text:
        _read_what_else_is_text(contents, message)
    contents.plain = [signed_mail.without_armour(one) for one in contents.plain]
    return contents


def _read(contents: Contents, message: Message, wrappings: int, number_of_all: int | None) -> None:
    """`number_of_all` is the part of the raw mail that everything in here was wrapped into."""
    for own_number, part, alternative in parts.leaves(message):
        number = own_number if number_of_all is None else number_of_all
        kind = part.get_content_type()
        if part.get_content_maintype() == "multipart":
            kind = type_of_the_undivided(part)
        attached = part.get_content_disposition() == "attachment" or _named(part)
        if kind == "text/plain" and not attached:
            contents.plain.append(parts.text_of(part))
        elif kind == "text/html" and not attached:
            _add_html(contents, parts.text_of(part)[:MOST_HTML_CHARACTERS], alternative)
        else:
            _add_attachment(contents, part, number, wrappings)


def _read_what_else_is_text(contents: Contents, message: Message) -> None:
    """A mail that is nothing but a mail, or whose texts have names, is read none the less."""
    if message.get_content_type() == "message/rfc822":
        inner = message.get_payload()
        if isinstance(inner, list) and inner and isinstance(inner[0], Message):
            inside = Contents(room=contents.room)
            _read(inside, inner[0], MOST_WRAPPINGS, 0)
            contents.plain, contents.html = inside.plain, inside.html
        return
    for _, part, alternative in parts.leaves(message):
        if part.get_content_disposition() == "attachment":
            continue
        if part.get_content_type() == "text/plain":
            contents.plain.append(parts.text_of(part))
        elif part.get_content_type() == "text/html":
            _add_html(contents, parts.text_of(part)[:MOST_HTML_CHARACTERS], alternative)


def _add_html(contents: Contents, html: str, alternative: bool) -> None:
    """HTML beside other text, and no other form of it, is text that would be missing."""
    if contents.plain and not alternative and not contents.html:
        contents.plain.append(as_text(flat(html)))
    contents.html.append(html)


def _add_attachment(contents: Contents, part: Message, number: int, wrappings: int) -> None:
    attachment = _attachment(number, part)
    kind, name = attachment.content_type, attachment.filename.lower()
    if kind in tnef.TYPES or name == "winmail.dat":
        if _add_unpacked(contents, attachment):
            return
    elif kind in signed_mail.SMIME and wrappings < MOST_WRAPPINGS:
        inner = signed_mail.signed_content(attachment.content)
        if inner is None:
            contents.remarks.append(signed_mail.BY_SMIME)
        else:
            _read(contents, _PARSER.parsebytes(inner), wrappings + 1, number)
    elif kind == signed_mail.PGP_ENCRYPTED:
        contents.remarks.append(signed_mail.BY_PGP)
    elif kind in calendar_part.TYPES and contents.invitation is None:
        method = str(part.get_param("method") or "")
        contents.invitation = calendar_part.read_invitation(attachment.content, method)
    contents.attachments.append(attachment)


def _add_unpacked(contents: Contents, attachment: MailPart) -> bool:
    """Whether the winmail.dat could be opened: its files take its place then."""
    unpacked = tnef.unpack(attachment.content)
    size = sum(len(one.content) for one in unpacked.files) if unpacked else 0
    if unpacked is None or size > contents.room or not (unpacked.files or unpacked.text):
        return False
    contents.room -= size
    contents.packed_texts.append(unpacked.text)
    for position, one in enumerate(unpacked.files):
        name = parts.fit_name(one.filename) or f"part-{attachment.part}-{position}"
        kind = mimetypes.guess_type(name)[0] or ANY_BYTES
        contents.attachments.append(
            MailPart(attachment.part, name, kind, len(one.content), content=one.content)
        )
    return True


def _named(part: Message) -> bool:
    return part.get_param("filename", header="content-disposition") is not None


def _attachment(number: int, part: Message) -> MailPart:
    kind = part.get_content_type()
    ids = message_ids(read_headers(part).get("content-id", ()))
    content = parts.content_of(part)
    return MailPart(
        part=number,
        filename=parts.filename_of(part, number),
        content_type=kind if _TYPE.fullmatch(kind) else ANY_BYTES,
        size_bytes=len(content),
        content_id=ids[0] if ids else "",
        charset=parts.charset_of(part),
        content=content,
    )
