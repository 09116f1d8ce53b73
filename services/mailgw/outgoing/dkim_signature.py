"""Signing mails for the domain they come from (DKIM, RFC 6376 and RFC 8463)."""

from __future__ import annotations

import hashlib
import re
import time
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass

import dkim
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from dkim.canonicalization import CanonicalizationPolicy

from services.mailgw.errors import UnusableSigningKey

LEAST_BITS = 1024  # RFC 8301 §3.2: verifiers may take nothing shorter
RELAXED = b"relaxed/relaxed"
SIGNED = (
    *("from", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to"),
    *("references", "mime-version", "content-type", "content-transfer-encoding"),
)
# Signed once more than they stand there: nobody can add another (RFC 6376 §8.15).
OVERSIGNED = ("from", "reply-to", "to", "cc", "subject", "date")
_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")
_WRONG_KEY = (ValueError, TypeError, UnsupportedAlgorithm)


@dataclass(frozen=True)
class SigningKey:
    """A key with the name under which its public half stands in the domain's DNS."""

    selector: str
    domain: str
    key: RSAPrivateKey | Ed25519PrivateKey


def signing_key(selector: str, domain: str, text: str) -> SigningKey:
    """The key in a text, to sign with for this domain. Raises UnusableSigningKey."""
    if not _NAME.fullmatch(selector):
        raise UnusableSigningKey(f"the DKIM selector {selector!r} is no name within a domain")
    return SigningKey(selector, domain, read_key(text))


def read_key(text: str) -> RSAPrivateKey | Ed25519PrivateKey:
    """The private key in a text: PEM, or the 32 bytes of an Ed25519 key in base64.

    Raises UnusableSigningKey, which does not repeat the text.
    """
    try:
        key = _from_pem(text) if "-----BEGIN" in text else _from_seed(text)
    except _WRONG_KEY:
        raise UnusableSigningKey(
            "the DKIM key is no private key in PEM without a passphrase, "
            "nor an Ed25519 key in base64"
        ) from None
    if isinstance(key, RSAPrivateKey) and key.key_size < LEAST_BITS:
        raise UnusableSigningKey(
            f"the DKIM key has {key.key_size} bits; {LEAST_BITS} are the least"
        )
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise UnusableSigningKey("the DKIM key is neither an RSA nor an Ed25519 key")
    return key


def signed(content: bytes, by: SigningKey) -> bytes:
    """The mail with its signature on top; the mail itself stays as it is, byte for byte."""
    return _signature(content, by) + content


def _signature(content: bytes, by: SigningKey) -> bytes:
    """As `dkim.DKIM.sign` makes it, but for the key.

    dkimpy knows Ed25519 only by PyNaCl, and RSA in Python takes 40 ms with a key of 4096 bits.
    It lets a key sign by itself where it takes it for Ed25519, so that is what it is told;
    the algorithm that verifiers read is in the fields.
    """
    signer = dkim.DKIM(content, signature_algorithm=b"ed25519-sha256")
    signer.hasher = hashlib.sha256
    policy = CanonicalizationPolicy.from_c_value(RELAXED)
    body_hash = hashlib.sha256(policy.canonicalize_body(signer.body)).digest()
    names = _headers(signer)
    is_rsa = isinstance(by.key, RSAPrivateKey)
    fields = [
        (b"v", b"1"),
        (b"a", b"rsa-sha256" if is_rsa else b"ed25519-sha256"),
        (b"c", policy.to_c_value()),
        (b"d", by.domain.encode()),
        (b"i", b"@" + by.domain.encode()),
        (b"q", b"dns/txt"),
        (b"s", by.selector.encode()),
        (b"t", str(int(time.time())).encode()),
        (b"h", b" : ".join(names)),
        (b"bh", b64encode(body_hash)),
        (b"b", b"0" * 60),
    ]
    value = signer.gen_header(fields, names, policy, b"DKIM-Signature", _Signing(by.key))
    return b"DKIM-Signature: " + bytes(value)


@dataclass
class _Signing:
    """A key as dkimpy asks it: `sign` answers an object with a `signature`."""

    key: RSAPrivateKey | Ed25519PrivateKey
    signature: bytes = b""

    def sign(self, digest: bytes) -> _Signing:
        if isinstance(self.key, RSAPrivateKey):
            made = self.key.sign(digest, PKCS1v15(), Prehashed(SHA256()))
        else:
            made = self.key.sign(digest)  # RFC 8463 §3: of the hash, as it is
        return _Signing(self.key, made)


def _headers(signer: dkim.DKIM) -> tuple[bytes, ...]:
    there = [bytes(name).lower() for name, _ in signer.headers]
    present = [name for name in there if name.decode("ascii", "replace") in SIGNED]
    return (*present, *(name.encode() for name in OVERSIGNED))


def _from_pem(text: str) -> object:
    # What a form sends has CR before each LF.
    return load_pem_private_key(text.replace("\r", "").strip().encode(), password=None)


def _from_seed(text: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(b64decode(text.strip(), validate=True))
    except NotBase64 as error:
        raise ValueError(str(error)) from None
