"""Signed and encrypted mails, their text where it is clear (RFC 8551, RFC 9580)."""

from __future__ import annotations

import re

from asn1crypto import cms

SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
PGP_ENCRYPTED = "application/pgp-encrypted"
BY_SMIME = "[This mail is encrypted by S/MIME and cannot be read here; it is attached whole.]"
BY_PGP = "[This mail is encrypted by OpenPGP and cannot be read here; it is attached whole.]"
_CLEAR = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_END = "-----END PGP SIGNATURE-----"
_ENCRYPTED = "-----BEGIN PGP MESSAGE-----"
_ARMOUR_HEADER = re.compile(r"[A-Za-z][A-Za-z-]{0,40}: .{0,200}")


def signed_content(content: bytes) -> bytes | None:
    """The mail that an opaque S/MIME signature is wrapped around; None when it is encrypted,
    compressed or broken. The signature is not verified."""
    try:
        wrapped = cms.ContentInfo.load(content)
        if wrapped["content_type"].native != "signed_data":
            return None
        inner = wrapped["content"]["encap_content_info"]["content"].native
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return None
    return inner if isinstance(inner, bytes) else None


def without_armour(text: str) -> str:
    """A text with the armour of a clear signature taken off (RFC 9580 §7); others as they are."""
    if _CLEAR not in text:
        return f"{BY_PGP}\n\n{text}" if _ENCRYPTED in text else text
    before, _, rest = text.partition(_CLEAR)
    signed, _, signature = rest.partition(_SIGNATURE)
    behind = signature.partition(_END)[2]
    lines = signed.lstrip("\r\n").split("\n")
    while lines and _ARMOUR_HEADER.fullmatch(lines[0].strip()):
        lines.pop(0)
    plain = "\n".join(line.removeprefix("- ") for line in lines)
    return "\n".join(one.strip("\n") for one in (before, plain, behind) if one.strip())
