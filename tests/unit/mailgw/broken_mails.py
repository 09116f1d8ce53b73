"""Broken mails: some made by hand, and as many as wanted by spoiling an ordinary one."""

from __future__ import annotations

import random
from base64 import b64encode
from email.message import EmailMessage

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
    "message-id without end": FROM + b"Message-ID: <" + b"x" * 100_000 + b"@y>\r\n\r\nhi",
    "message-id of nulls": FROM + b"Message-ID: <\x00\x00@\x00>\r\nReferences: <\x00@x>\r\n\r\nhi",
    "50,000 header lines": FROM + b"X-Line: y\r\n" * 50_000 + b"\r\nhi",
    "50,000 Received in one": FROM + b"Received: x\r\n" + b"\ty\r\n" * 50_000 + b"\r\nhi",
    "header of nothing": FROM + b": nothing\r\n \r\n\t\r\nSubject:\r\n\r\nhi",
    "lines of CR": FROM.replace(b"\r\n", b"\r") + b"Subject: x\r\rhi\rthere",
    "byte order mark": b"\xef\xbb\xbf" + FROM + b"\r\nhi",
    "UTF-16 all over": "From: ann@customer.example\r\nSubject: x\r\n\r\nhi".encode("utf-16"),
    "half of a character in a word": FROM
    + b"Subject: =?utf-16?B?2AA=?= =?utf-8?B?7aCA?=\r\n\r\nhi",
    "null in a word": FROM + b"Subject: =?utf-8?Q?a=00b=1Bc?=\r\n\r\nhi",
    "a word in a word": FROM + b"Subject: =?utf-8?Q?=3D=3Futf-8=3FQ=3Fa=3F=3D?=\r\n\r\nhi",
    "10,000 open words": FROM + b"Subject: " + b"=?utf-8?B?" * 10_000 + b"\r\n\r\nhi",
    "words in an address": FROM
    + b"To: =?utf-8?Q?x=40y=2Eexample?= <a@b>, =?utf-8?B?PGFAYj4=?= <=?utf-8?Q?c=40d?=>\r\n\r\nhi",
    "address of brackets": FROM + b"To: " + b"(" * 5000 + b"a@b" + b"<" * 5000 + b"\r\n\r\nhi",
    "groups of groups": FROM + b"To: a:" * 500 + b";" * 500 + b"\r\n\r\nhi",
    "quote without end": b'From: "Ann <ann@customer.example>\r\nTo: "x\r\n\r\nhi',
    "empty multipart": FROM + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b--\r\n',
    "10,000 parts": FROM
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\n\r\nx\r\n" * 10_000
    + b"--b--\r\n",
    "boundary of blanks": FROM
    + b'Content-Type: multipart/mixed; boundary="  "\r\n\r\n--  \r\n\r\nx',
    "content type of nothing": FROM + b"Content-Type: ;;;===\r\n\r\nhi",
    "content type without end": FROM + b"Content-Type: text/" + b"x" * 100_000 + b"\r\n\r\nhi",
    "parameters of RFC 2231 gone wrong": FROM
    + b"Content-Type: text/plain; charset*0*=x'y; charset*7=z\r\n"
    + b"Content-Disposition: attachment; filename*=none'x'%ff%00; filename*0*=a\r\n\r\nhi",
    "filename of paths": FROM
    + b'Content-Disposition: attachment; filename="../../../etc/passwd\x00.."\r\n\r\nhi',
    "mail in mail in mail": FROM
    + b"Content-Type: message/rfc822\r\n\r\n" * 200
    + b"Subject: deep\r\n\r\nhi",
    "report of nothing": FROM
    + b"Content-Type: multipart/report; boundary=b\r\n\r\n"
    + b"--b\r\nContent-Type: message/delivery-status\r\n\r\n\xff\x00:\r\n\r\n--b\r\n"
    + b"Content-Type: message/rfc822\r\n\r\nMessage-ID: nothing\r\n\r\n--b--\r\n",
    "HTML of 100,000 levels": FROM + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000,
    "HTML of nulls": FROM + b"Content-Type: text/html\r\n\r\n<p>a\x00b</p\x00><script>\x00",
    "HTML of entities": FROM + b"Content-Type: text/html\r\n\r\n" + b"&#x110000;&#0;&lt" * 5000,
    "quotation without end": FROM + b"\r\n" + b"> quoted\r\n" * 30_000,
    "On On On": FROM + b"\r\n" + b"On " * 60_000 + b"wrote:\r\n> x",
    "From From From": FROM + b"\r\n" + b"From: a@b\r\nSent: x\r\nTo: y\r\n" * 5_000,
    "20,000 lines of blanks": FROM + b"\r\n" + b"  \t \r\n" * 20_000,
    **{
        f"charset {name}": FROM
        + b"Content-Type: text/plain; charset=%s\r\nSubject: =?%s?Q?=ff=41?=\r\n\r\n\xff+AGEA-"
        % (name.encode(), name.encode())
        for name in (
            *("utf-7", "utf-16", "utf-32", "idna", "punycode", "hex", "base64", "zlib", "rot13"),
            *("undefined", "unicode_escape", "mbcs", "iso-2022-jp", "hz", "utf-8-sig", "..", "a b"),
        )
    },
}


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
