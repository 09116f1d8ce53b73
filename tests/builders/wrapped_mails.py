"""Mails whose content is packed or wrapped: winmail.dat, S/MIME."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7

BODY, CODEPAGE, VERSION = 0x0002800C, 0x00069007, 0x00089006
FILE_BEGINS, FILE_NAME, FILE_CONTENT = 0x00069002, 0x00018010, 0x0006800F


def winmail(text: str = "", files: dict[str, bytes] | None = None) -> bytes:
    """A winmail.dat in the shape of [MS-OXTNEF] §2.1.3."""
    made = b"\x78\x9f\x3e\x22" + b"\x01\x00"
    made += _object(1, VERSION, b"\x00\x00\x01\x00")
    made += _object(1, CODEPAGE, (1252).to_bytes(4, "little") + bytes(4))
    if text:
        made += _object(1, BODY, text.encode("cp1252") + b"\0")
    for name, content in (files or {}).items():
        made += _object(2, FILE_BEGINS, bytes(14))
        made += _object(2, FILE_NAME, name.encode("cp1252") + b"\0")
        made += _object(2, FILE_CONTENT, content)
    return made


def _object(level: int, code: int, data: bytes) -> bytes:
    checksum = sum(data) & 0xFFFF
    head = bytes([level]) + code.to_bytes(4, "little") + len(data).to_bytes(4, "little")
    return head + data + checksum.to_bytes(2, "little")


def with_winmail(content: bytes, text: str = "") -> bytes:
    """A mail as Outlook sends it, with its winmail.dat."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Ann <ann@blue.example>", "Rich text"
    mail.set_content(text or "\n")
    mail.add_attachment(content, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    return mail.as_bytes()


def smime(inner: bytes, *, encrypted: bool = False, detached: bool = False) -> bytes:
    """The inner MIME part signed (opaque, or with the signature beside it), or encrypted."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Ann")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    head = b"From: Ann <ann@blue.example>\r\nSubject: Secret\r\n"
    if encrypted:
        envelope = pkcs7.PKCS7EnvelopeBuilder().set_data(inner).add_recipient(certificate)
        return head + envelope.encrypt(serialization.Encoding.SMIME, [])
    builder = pkcs7.PKCS7SignatureBuilder().set_data(inner)
    signed = builder.add_signer(certificate, key, hashes.SHA256())
    if detached:
        options = [pkcs7.PKCS7Options.DetachedSignature]
        return head + signed.sign(serialization.Encoding.SMIME, options)
    from base64 import encodebytes

    content = encodebytes(signed.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary]))
    kind = b"application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"
    encoding = b"Content-Transfer-Encoding: base64\r\n"
    return head + b"Content-Type: " + kind + b"\r\n" + encoding + b"\r\n" + content
