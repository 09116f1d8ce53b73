"""Any bytes end as a mail, or as an error that quarantine can show (M11)."""

from __future__ import annotations

import random
from base64 import b64encode
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.mailgw.errors import UnreadableMail
from services.mailgw.incoming.parse import parse
from services.mailgw.model.mail import Mail

FROM = b"From: Ann <ann@customer.example>\r\n"


def ordinary() -> bytes:
    mail = EmailMessage()
    mail["From"] = "Ann Lee <ann@customer.example>"
    mail["To"] = "support@company.example"
    mail["Subject"] = "Re: [101] Prüfung"
    mail["Message-ID"] = "<one@customer.example>"
    mail.set_content("It still fails.\n\nOn Monday, Support wrote:\n> Please restart it.\n")
    mail.add_alternative("<p>It <b>still</b> fails.</p><script>alert(1)</script>", subtype="html")
    mail.add_attachment(b"\x00\xff" * 50, maintype="image", subtype="png", filename="screen.png")
    return mail.as_bytes()


def nested(depth: int) -> bytes:
    head = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level)
        for level in range(depth)
    )
    return FROM + head + b"Content-Type: text/plain\r\n\r\ndeep\r\n"


BY_HAND = {
    "empty": b"",
    "nulls": b"\x00" * 4096,
    "no headers": b"\r\n\r\njust text",
    "only headers": FROM,
    "no line ends": b"From: ann@customer.example Subject: x body",
    "unknown charset": FROM + b"Content-Type: text/plain; charset=x-none\r\n\r\n\xff\xfe\xfd",
    "wrong charset": FROM + b"Content-Type: text/plain; charset=utf-8\r\n\r\n\xe4\xf6\xfc",
    "charset of nulls": FROM + b'Content-Type: text/plain; charset="\x00\x00"\r\n\r\nhi',
    "half base64": FROM + b"Content-Transfer-Encoding: base64\r\n\r\nQUJD*RA=",
    "half quoted-printable": FROM + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=E4=F=",
    "unknown encoding": FROM + b"Content-Transfer-Encoding: x-made-up\r\n\r\nhello",
    "no boundary": FROM + b"Content-Type: multipart/mixed\r\n\r\nhello",
    "boundary never comes": FROM + b"Content-Type: multipart/mixed; boundary=x\r\n\r\nhello",
    "50 levels": nested(50),
    "3000 levels": nested(3000),
    "10,000 recipients": FROM
    + b"To: "
    + b",\r\n ".join(b"u%d@x.example" % number for number in range(10_000))
    + b"\r\n\r\nhi",
    "30 MB attachment": FROM
    + b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
    + b'Content-Disposition: attachment; filename="big"\r\n\r\n'
    + b64encode(b"\x00" * 30_000_000),
    "encoded word without end": FROM + b"Subject: =?utf-8?B?4pyT\r\n\r\nhi",
    "encoded word of no charset": FROM + b"Subject: =?x-none?Q?a=FFb?=\r\n\r\nhi",
    "encoded words without number": FROM + b"Subject: " + b"=?utf-8?Q?a?= " * 5000 + b"\r\n\r\nhi",
    "encoded line ends": FROM + b"Subject: =?utf-8?Q?a=0D=0ABcc:_x@y.example?=\r\n\r\nhi",
    "two From": FROM + b"From: bob@customer.example\r\n\r\nhi",
    "From of brackets": b"From: <<<>>>@@\r\n\r\nhi",
    "eight-bit headers": FROM + b"Subject: \xe4\xf6\xfc\xff\r\n\r\nhi",
    "long line": FROM + b"Subject: " + b"x" * 1_000_000 + b"\r\n\r\n" + b"y" * 1_000_000,
    "date of nowhere": FROM + b"Date: Fri, 99 Foo 99999 99:99:99 +9999\r\n\r\nhi",
    "references without end": FROM + b"References: " + b"<a@b>" * 20_000 + b"\r\n\r\nhi",
}


def read(raw: bytes) -> Mail | UnreadableMail:
    """What becomes of a mail; anything else raised fails the test."""
    try:
        return parse(raw)
    except UnreadableMail as error:
        assert str(error)
        return error


def broken(seed: int) -> bytes:
    """An ordinary mail with some of its bytes cut, doubled, swapped or overwritten."""
    chance = random.Random(seed)
    raw = bytearray(ordinary())
    for _ in range(chance.randint(1, 30)):
        start = chance.randrange(len(raw) + 1)
        end = min(len(raw), start + chance.randrange(1, 60))
        junk = chance.randbytes(end - start)
        raw[start:end] = chance.choice([b"", bytes(raw[start:end]) * 2, junk, b"\r\n\r\n", b"\x00"])
    return bytes(raw)


def test_M11_an_ordinary_mail_is_read_whole() -> None:
    mail = parse(ordinary())
    assert mail.sender.address == "ann@customer.example"
    assert mail.subject == "Re: [101] Prüfung"
    assert mail.text.strip() == "It still fails."
    assert "Please restart it." in mail.quoted
    assert mail.html is not None and "script" not in mail.html and "<b>still</b>" in mail.html
    assert [part.filename for part in mail.attachments] == ["screen.png"]
    assert mail.attachments[0].size_bytes == 100


@pytest.mark.parametrize("name", BY_HAND)
def test_M11_hand_made_breakage_is_survived(name: str) -> None:
    assert isinstance(read(BY_HAND[name]), Mail | UnreadableMail)


def test_M11_the_large_and_the_deep_are_still_read() -> None:
    assert len(parse(BY_HAND["10,000 recipients"]).to) == 10_000
    assert parse(BY_HAND["30 MB attachment"]).attachments[0].size_bytes == 30_000_000
    assert "deep" in parse(BY_HAND["50 levels"]).text


def test_M11_500_mutations_of_an_ordinary_mail_are_survived() -> None:
    outcomes = [read(broken(seed)) for seed in range(500)]
    assert len(outcomes) == 500
    assert sum(isinstance(outcome, Mail) for outcome in outcomes) > 250


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000))
def test_M11_any_bytes_behind_a_sender_are_a_mail(raw: bytes) -> None:
    assert isinstance(read(FROM + raw), Mail | UnreadableMail)
