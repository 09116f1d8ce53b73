"""M11: what is packed or wrapped is opened where it is clear, and kept whole where it is not."""

from __future__ import annotations

import time

import pytest
from builders.wrapped_mails import smime, winmail, with_winmail

from services.mailgw.incoming.parse import parse
from services.mailgw.incoming.tnef import unpack
from services.mailgw.model.mail import Mail

INNER = (
    b"Content-Type: multipart/mixed; boundary=i\r\n\r\n"
    b"--i\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGr\xc3\xbc\xc3\x9fe, Ann\r\n"
    b'--i\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="a.png"\r\n\r\n'
    b"PNG\r\n--i--\r\n"
)


def names(mail: Mail) -> list[str]:
    return [one.filename for one in mail.attachments]


def test_the_files_of_a_winmail_take_its_place() -> None:
    packed = winmail(files={"Angebot.pdf": b"%PDF", "..\\evil.exe": b"MZ"})
    mail = parse(with_winmail(packed, "See attached."))
    assert mail.text == "See attached."
    assert names(mail) == ["Angebot.pdf", "evil.exe"]
    assert [one.content for one in mail.attachments] == [b"%PDF", b"MZ"]
    assert mail.attachments[0].content_type == "application/pdf"


def test_the_text_of_a_winmail_is_shown_where_the_mail_has_no_other() -> None:
    assert parse(with_winmail(winmail("Grüße aus Köln"))).text == "Grüße aus Köln"
    assert parse(with_winmail(winmail("Not this"), "This.")).text == "This."


@pytest.mark.parametrize("cut", [1, 5, 20, 60])
def test_a_broken_winmail_stays_an_attachment(cut: int) -> None:
    packed = winmail("Text", {"a.txt": b"x" * 50})
    mail = parse(with_winmail(packed[:-cut] if cut > 5 else b"\0" + packed, "Hello"))
    assert mail.text == "Hello"
    assert names(mail) in (["winmail.dat"], ["a.txt"], [])


def test_a_winmail_of_a_million_objects_is_not_opened() -> None:
    trap = b"\x78\x9f\x3e\x22\x01\x00" + (b"\x01" + bytes(10)) * 100_000
    begin = time.process_time()
    assert unpack(trap) is None
    assert unpack(winmail(files={"a": trap})) is None
    assert time.process_time() - begin < 2


def test_an_opaque_signature_is_opened_and_kept() -> None:
    mail = parse(smime(INNER))
    assert mail.text == "Grüße, Ann"
    assert names(mail) == ["a.png", "smime.p7m"]


def test_a_signature_beside_the_text_is_an_attachment() -> None:
    mail = parse(smime(b"Content-Type: text/plain\r\n\r\nHello\r\n", detached=True))
    assert "Hello" in mail.text
    assert names(mail) == ["smime.p7s"]


def test_an_encrypted_mail_says_so_and_is_kept_whole() -> None:
    mail = parse(smime(INNER, encrypted=True))
    assert mail.text.startswith("[This mail is encrypted by S/MIME")
    assert names(mail) == ["smime.p7m"] and mail.attachments[0].size_bytes > 200


def test_a_signature_around_many_signatures_ends() -> None:
    wrapped = INNER
    for _ in range(6):
        wrapped = smime(wrapped).partition(b"\r\n")[2]
    assert parse(b"From: a@b.example\r\n" + wrapped).sender.address == "a@b.example"


PGP_MIME = b"""\
From: ann@blue.example
Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b

--b
Content-Type: application/pgp-encrypted

Version: 1
--b
Content-Type: application/octet-stream; name=encrypted.asc

-----BEGIN PGP MESSAGE-----
--b--
"""


def test_openpgp_mails() -> None:
    mail = parse(PGP_MIME)
    assert mail.text.startswith("[This mail is encrypted by OpenPGP")
    assert "encrypted.asc" in names(mail)
    signed = (
        b"From: ann@blue.example\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n"
        b"Dear Eve,\n\n- - one\n- From here\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n"
        b"-----END PGP SIGNATURE-----\n"
    )
    assert parse(signed).text == "Dear Eve,\n\n- one\nFrom here"
    inline = (
        b"From: a@b.example\n\n-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----\n"
    )
    assert "cannot be read here" in parse(inline).text


@pytest.mark.parametrize(
    ("body", "delsp", "text"),
    [
        ("One \nline.\nTwo.", "", "One line.\nTwo."),
        ("Ein Wort, das zu\n lang ist", "", "Ein Wort, das zu\nlang ist"),
        ("日本 \n語です", "; delsp=yes", "日本語です"),
        ("I say:\n> you said \n> this.\n> Bye", "", None),
        ("Bye \n-- \nAnn", "", None),
    ],
)
def test_flowed_text_is_joined(body: str, delsp: str, text: str | None) -> None:
    head = f"From: a@b.example\nContent-Type: text/plain; charset=utf-8; format=flowed{delsp}\n\n"
    mail = parse((head + body).encode())
    if text is not None:
        assert mail.text == text
    elif "Ann" in body:
        assert "-- \nAnn" in f"{mail.text}\n{mail.quoted}"
    else:
        assert "> you said this.\n> Bye" in f"{mail.text}\n{mail.quoted}"


def test_html_beside_text_is_not_lost() -> None:
    raw = (
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"--b\nContent-Type: text/plain\n\nFirst.\n"
        b"--b\nContent-Type: text/html\n\n<p>Second.</p>\n--b--\n"
    )
    assert parse(raw).text == "First.\n\nSecond."
