"""The leaves of a mail's tree of parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from email.utils import collapse_rfc2231_value

from services.mailgw.incoming import charset, flowed, large_bodies
from services.mailgw.incoming.from_base64 import from_base64
from services.mailgw.incoming.headers import decode_words, unfold

MOST_PARTS = 2_000
# Marks that let "fdp.exe" be seen as "exe.pdf" (Unicode Technical Report 36).
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CHARSET = re.compile(r"[A-Za-z0-9_.:+-]{1,40}")


def leaves(message: Message) -> Iterator[tuple[int, Message, bool]]:
    """Each leaf with its number and whether it is one of several alternatives.

    A mail attached to the mail is one leaf. The numbers are frozen: attachments are
    fetched by them later.
    """
    stack: list[tuple[Message, bool]] = [(message, False)]
    number = 0
    while stack and number < MOST_PARTS:
        part, alternative = stack.pop()
        children = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(children, list):
            choice = alternative or part.get_content_subtype() == "alternative"
            stack.extend((c, choice) for c in reversed(children) if isinstance(c, Message))
            continue
        yield number, part, alternative
        number += 1


def content_of(part: Message) -> bytes:
    """The decoded bytes of a leaf; an attached mail's are its source."""
    body = large_bodies.body_of(part)
    if body is not None:
        return from_base64(body)
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"".join(child.as_bytes() for child in payload if isinstance(child, Message))
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def charset_of(part: Message) -> str:
    """The charset that a text names, or empty; nothing that could not stand in a header."""
    named = part.get_param("charset")
    return named if isinstance(named, str) and _CHARSET.fullmatch(named) else ""


def text_of(part: Message) -> str:
    """The text of a leaf by its declared charset, for HTML also by its own head, else guessed."""
    declared = part.get_param("charset")
    name = declared[2] if isinstance(declared, tuple) else declared
    content = content_of(part)
    if not name and part.get_content_type() == "text/html":
        name = charset.declared_in_html(content)
    text = charset.decode(content, name).replace("\r\n", "\n").replace("\r", "\n")
    if not flowed.is_flowed(part):
        return text
    return flowed.joined(text, str(part.get_param("delsp") or "").strip().lower() == "yes")


def filename_of(part: Message, number: int) -> str:
    """A name fit for a file, without a path; made up from the number when none is given."""
    try:
        given = _given_name(_readable(part))
    except (ValueError, TypeError, LookupError):  # RFC 2231 with a charset that cannot be
        given = ""
    name = fit_name(decode_words(given))
    if name:
        return name
    suffix = ".eml" if part.get_content_type() == "message/rfc822" else ""
    return f"part-{number}{suffix}"


def _given_name(part: Message) -> str:
    """The name as RFC 2231 extends it, which says more than a plain one beside it."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        params = part.get_params(failobj=[], header=header)
        given = [value for name, value in params if name.lower() == parameter]
        extended = [value for value in given if isinstance(value, tuple)]
        for value in (*extended, *given):
            return collapse_rfc2231_value(value)
    return ""


def fit_name(given: str) -> str:
    """A name without a path, fit for a file; empty when nothing is left of it."""
    name = " ".join(_TURNING.sub("", charset.clean(given)).split())
    return name.replace("\\", "/").rpartition("/")[2].strip(". ")[-200:]


def _readable(part: Message) -> Message:
    """The part's headers that may name a file, with raw bytes beyond ASCII read as text."""
    raw = {
        name: value
        for name, value in part.raw_items()
        if name.lower() in ("content-type", "content-disposition")
    }
    if all(str(value).isascii() for value in raw.values()):
        return part
    readable = Message()
    for name, value in raw.items():
        readable[name] = unfold(value)
    return readable
