"""Signed mails verify by dkimpy, by the key that the domain publishes (DKIM)."""

from __future__ import annotations

import logging
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from services.contracts.mail import Address, MailSendData
from services.mailgw.errors import UnusableSigningKey
from services.mailgw.outgoing.compose import compose
from services.mailgw.outgoing.dkim_signature import read_key, signed, signing_key
from services.mailgw.outgoing.files import File

RSA = rsa.generate_private_key(65537, 2048)
ED25519 = ed25519.Ed25519PrivateKey.generate()
MAIL = MailSendData(
    purpose="reply",
    message_id="<casewire.1@company.example>",
    sender=Address(address="support@company.example", name="Süpport"),
    to=(Address(address="ann@customer.example"),),
    subject="[101] Drücker " + "wort " * 40,
    text="  Hello.  \n\n-- \nEnd\n\n\n",
    in_reply_to="<a@b.example>",
    references=("<a@b.example>",),
)


class VerifyKey:
    """The public key of an Ed25519 pair as dkimpy asks it, for it knows the curve by PyNaCl."""

    def __init__(self, key: bytes, encoder: object) -> None:
        self._key = ed25519.Ed25519PublicKey.from_public_bytes(b64decode(key))

    def verify(self, digest: bytes, signature: bytes) -> None:
        self._key.verify(signature, digest)


@pytest.fixture(autouse=True)
def curve(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = SimpleNamespace(
        signing=SimpleNamespace(VerifyKey=VerifyKey),
        encoding=SimpleNamespace(Base64Encoder=None),
        exceptions=SimpleNamespace(BadSignatureError=InvalidSignature, ValueError=ValueError),
    )
    monkeypatch.setattr(dkim, "nacl", stand_in, raising=False)


def pem(key: Any, form: PrivateFormat = PrivateFormat.PKCS8) -> str:
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


def seed() -> str:
    return b64encode(ED25519.private_bytes_raw()).decode()


def published(name: bytes, timeout: int = 5) -> bytes:
    """What the DNS of company.example says of the selector."""
    if name == b"mail2024._domainkey.company.example.":
        spki = RSA.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b"v=DKIM1; k=rsa; p=" + b64encode(spki)
    assert name == b"ed._domainkey.company.example."
    return b"v=DKIM1; k=ed25519; p=" + b64encode(ED25519.public_key().public_bytes_raw())


def verifies(mail: bytes) -> bool:
    return bool(dkim.verify(mail, logger=logging.getLogger("dkim"), dnsfunc=published))


def content() -> bytes:
    file = File("a.bin", "application/octet-stream", bytes(range(256)) * 9)
    return compose(MAIL, "support@company.example", datetime(2024, 3, 1, tzinfo=UTC), [file])


@pytest.mark.parametrize(
    ("selector", "text"),
    [
        ("mail2024", pem(RSA)),
        ("mail2024", pem(RSA, PrivateFormat.TraditionalOpenSSL).replace("\n", "\r\n")),
        ("ed", pem(ED25519)),
        ("ed", seed()),
    ],
    ids=["RSA", "RSA as OpenSSL writes it", "Ed25519", "Ed25519 by its seed"],
)
def test_a_signed_mail_verifies_and_a_changed_one_does_not(selector: str, text: str) -> None:
    raw = content()
    mail = signed(raw, signing_key(selector, "company.example", text))
    assert mail.endswith(raw) and mail.isascii()
    head = mail[: -len(raw)]
    assert b"c=relaxed/relaxed" in head and b"d=company.example" in head
    assert head.endswith(b"\r\n") and b"\n" not in head.replace(b"\r\n", b"")
    assert verifies(mail)
    assert verifies(mail.replace(b"Subject: ", b"subject:   "))  # relaxed
    for before, after in (
        (b"ann@customer", b"bob@customer"),
        (b"MIME-Version", b"Subject: another\r\nMIME-Version"),
        (b"MIME-Version", b"Reply-To: thief@evil.example\r\nMIME-Version"),
        (b"Hello.", b"Hullo."),
    ):
        assert before in mail
        assert not verifies(mail.replace(before, after, 1))


def test_addresses_beyond_ascii_can_be_signed() -> None:
    to = (Address(address="jörg@bücher.example"),)
    raw = compose(MAIL.model_copy(update={"to": to}), "support@company.example", datetime.now(UTC))
    assert verifies(signed(raw, signing_key("mail2024", "company.example", pem(RSA))))


LOCKED = RSA.private_bytes(
    Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no key",
        "AAAA",
        LOCKED,
        RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        pem(ec.generate_private_key(ec.SECP256R1())),
        "-----BEGIN PRIVATE KEY-----\nS3cr3t\n-----END PRIVATE KEY-----",
        "schlüssel",
    ],
    # Named one by one: keys are made anew in each test process, and the names must not differ.
    ids=["empty", "words", "base64", "locked", "public", "of a curve", "a secret", "beyond ASCII"],
)
def test_what_is_no_signing_key_is_told_without_repeating_it(text: str) -> None:
    with pytest.raises(UnusableSigningKey) as raised:
        read_key(text)
    assert "S3cr3t" not in str(raised.value) and "MII" not in str(raised.value)


@pytest.mark.parametrize("selector", ["", "a b", "x;d=evil.example", "a\r\nb", "x" * 200])
def test_a_selector_is_a_name(selector: str) -> None:
    with pytest.raises(UnusableSigningKey, match="selector"):
        signing_key(selector, "company.example", pem(ED25519))
