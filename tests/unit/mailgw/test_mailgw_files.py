"""Attachments on their way out: taken from raw mails, within what servers take."""

from __future__ import annotations

from datetime import UTC, datetime

from services.contracts.mail import Address, Attachment, MailSendData
from services.mailgw.incoming.parse import parse
from services.mailgw.outgoing.compose import compose
from services.mailgw.outgoing.files import File, extract, fitting

AT = datetime(2024, 3, 1, tzinfo=UTC)
ACCOUNT = "support@company.example"
MOST_BYTES = 20 * 1024**2
ORDER = MailSendData(
    purpose="reply",
    message_id="<casewire.1@company.example>",
    sender=Address(address=ACCOUNT),
    to=(Address(address="ann@customer.example"),),
    subject="[101] Printer",
    text="Hello.",
)


def attachment(part: int, size: int, name: str = "file") -> Attachment:
    return Attachment(
        mail_id="m", part=part, filename=name, content_type="text/plain", size_bytes=size
    )


def test_attachments_too_large_together_are_named_in_the_text() -> None:
    small, large = attachment(1, 1000), attachment(2, MOST_BYTES, "vidéo.mp4")
    assert fitting([large, small], MOST_BYTES) == ([small], [large])
    raw = compose(ORDER, ACCOUNT, AT, [], [large])
    assert "vidéo.mp4 (20 MB)" in parse(raw).text


def test_attachments_are_taken_from_the_raw_mail_they_came_by() -> None:
    files = [
        File("a.txt", "text/plain", "Grüße".encode("latin-1"), "iso-8859-1"),
        File("mail.eml", "message/rfc822", b"Subject: x\r\n\r\nhi"),
        File("b.bin", "application/pdf", b"\x00\xff" * 500),
    ]
    raw = compose(ORDER, ACCOUNT, AT, [files[0], files[2]])
    known = parse(raw).attachments
    wanted = [
        Attachment(mail_id="m", **vars(part)).model_copy(update={"content_type": kind})
        for part, kind in zip(known, ["text/plain", "message/rfc822"], strict=True)
    ]
    found = extract(raw, [*wanted, attachment(99, 1)])
    assert list(found) == wanted
    assert found[wanted[0]] == files[0]
    assert found[wanted[1]] == File("b.bin", "application/octet-stream", files[2].content)
