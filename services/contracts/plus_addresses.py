"""Addresses with a tag, as in support+tag@ours.example (RFC 5233)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

LONGEST_LOCAL_PART = 64  # octets, RFC 5321 §4.5.3.1.1


def tagged(address: str, tag: str) -> str | None:
    """The address with the tag; None where no mail server would take it, being too long."""
    local, _, domain = address.rpartition("@")
    if not local or len(f"{local}+{tag}".encode()) > LONGEST_LOCAL_PART:
        return None
    return f"{local}+{tag}@{domain}"


def readings(address: str) -> Iterator[tuple[str, str]]:
    """Each way to read an address as one with a tag: the address without it, and the tag.

    Both are in lower case. An address of ours may itself hold a plus sign, so there can be
    several.
    """
    local, _, domain = address.lower().rpartition("@")
    for place, character in enumerate(local):
        if character == "+" and place:
            yield f"{local[:place]}@{domain}", local[place + 1 :]


def is_among(address: str, known: Collection[str]) -> bool:
    """Whether mail to this address reaches one of the known ones (in lower case)."""
    return address.lower() in known or any(base in known for base, _tag in readings(address))
