"""Reading address lists, however broken.

The rules of RFC 5322 §3.4 are kept where a value keeps to them; else it is read as a person would.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from services.contracts.mail import Address
from services.mailgw.incoming.headers import decode_words

MOST_ADDRESSES = 10_000
MOST_CHARACTERS = 500_000
MOST_NAME_CHARACTERS = 200
MOST_WAITING = 20  # tokens of a name with commas
_LOCAL = r"[^\s<>,;:\"()\[\]@]{1,64}"
# A quoted local part may by RFC 5321 hold what divides a list; no program of today gives out such.
_QUOTED = r"\"[^\"\\\r\n,;<>]{1,62}\""
_DOMAIN = r"(?:\[[^\s<>,;:\"()@\[\]]{1,253}\]|[^\s<>,;:\"()@\[\]]{1,255})"
_ADDRESS = re.compile(rf"(?:{_LOCAL}|{_QUOTED})@{_DOMAIN}")
# A quoted string, an address in brackets, a comment, a separator, or what lies between. What is
# opened and never closed is a sign like any other. (Bounded: else to look for the ends of many
# such would take for ever.)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.){0,300}"|<[^<>]*>|\([^()]*\)|[,;:]|[^",;:<(]+|.', re.DOTALL)
_AROUND_AT = re.compile(r"\s*@\s*")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def read_addresses(values: Sequence[str]) -> tuple[Address, ...]:
    """The usable addresses of these header values, each once, in order.

    Lists are split before encoded words are decoded, so that a name cannot smuggle an address
    in; only a value that holds none at all is looked through behind that.
    """
    found = _read(values)
    if not found and any("=?" in value for value in values):
        found = _read([decode_words(value) for value in values])
    return tuple(found.values())


def _read(values: Sequence[str]) -> dict[str, Address]:
    found: dict[str, Address] = {}
    for value in values:
        for address in _mailboxes(value[:MOST_CHARACTERS]):
            found.setdefault(address.address.lower(), address)
            if len(found) >= MOST_ADDRESSES:
                return found
    return found


def _mailboxes(value: str) -> Iterator[Address]:
    """A piece without an address is the beginning of a name with a comma: "Lee, Ann <…>"."""
    waiting: list[str] = []
    for piece in _pieces(value):
        address = _mailbox(piece, waiting)
        if address is not None:
            yield address
            waiting = []
        else:
            waiting = [*waiting, *piece, ", "][-MOST_WAITING:] if _named(piece) else waiting


def _pieces(value: str) -> Iterator[list[str]]:
    """The tokens between commas and semicolons; what stands before a colon names a group."""
    piece: list[str] = []
    for token in (found[0] for found in _TOKEN.finditer(value)):
        if token in (",", ";"):
            yield piece
            piece = []
        elif token == ":" and not any(one.startswith("<") or "@" in one for one in piece):
            piece = []
        else:
            piece.append(token)
    yield piece


def _mailbox(piece: list[str], waiting: list[str]) -> Address | None:
    for place, token in enumerate(piece):
        usable = _usable(token.strip("<>")) if token.startswith("<") else None
        if usable:
            return Address(address=usable, name=_name([*waiting, *piece[:place]]))
    plain = "".join(one for one in piece if not one.startswith("("))
    bare = _ADDRESS.search(_AROUND_AT.sub("@", plain))
    usable = _usable(bare[0]) if bare else None
    if bare is None or usable is None:
        return None
    comments = [one.strip("()") for one in piece if one.startswith("(")]
    return Address(address=usable, name=_name(comments or [plain.replace(bare[0], " ")]))


def _usable(raw: str) -> str | None:
    """The address, or None for what is none: `mailto:` and a dot at its end do not belong to it."""
    text = _AROUND_AT.sub("@", decode_words(raw).strip()).rstrip(".")
    found = _ADDRESS.fullmatch(text.removeprefix("mailto:"))
    return found[0] if found else None


def _named(piece: list[str]) -> bool:
    return any(one.strip() for one in piece) and not any(one.startswith("<") for one in piece)


def _name(tokens: Sequence[str]) -> str:
    unquoted = (
        _ESCAPED.sub(r"\1", one[1:-1]) if one.startswith('"') and len(one) > 1 else one
        for one in tokens
    )
    text = " ".join(decode_words("".join(unquoted)).split())
    return text.strip("\"'<> ")[:MOST_NAME_CHARACTERS].rstrip(", ")
