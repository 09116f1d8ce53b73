"""What a mail of ours says: text and HTML alike, signed, quoting, in its language (M5-M7)."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.contracts.mail import Address, Attachment, MailSendData, Quotation
from services.mailgw.incoming.parse import parse
from services.mailgw.incoming.quotation import split_quotation
from services.mailgw.outgoing.as_html import MOST_CHARACTERS, as_html
from services.mailgw.outgoing.compose import SUPPRESSED, compose
from services.mailgw.outgoing.files import File
from services.mailgw.outgoing.words import Words, as_text, words_of

AT = datetime(2024, 3, 1, 9, 30, 5, tzinfo=UTC)
ACCOUNT = "support@company.example"
ASKED = Quotation(author="Ann Lee", at=AT, text="Where is it?\n\n> earlier\nAnn")


class Seen(HTMLParser):
    """What a page has in it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def shown(text: str) -> str:
    """What is left without blanks and the marks of quotations."""
    return "".join(text.replace(">", "").split())


def order(**fields: Any) -> MailSendData:
    known: dict[str, Any] = {
        "purpose": "reply",
        "message_id": "<casewire.1@company.example>",
        "sender": Address(address=ACCOUNT, name="Support"),
        "to": (Address(address="ann@customer.example", name="Ann Lee"),),
        "subject": "[101] Printer",
        "text": "Hello.\n",
    }
    return MailSendData(**known | fields)


def composed(files: tuple[File, ...] = (), **fields: Any) -> EmailMessage:
    message = message_from_bytes(compose(order(**fields), ACCOUNT, AT, files), policy=default)
    assert isinstance(message, EmailMessage) and message.defects == []
    return message


def html_of(text: str, **more: str) -> str:
    found = as_html(Words(text, **more), "en")
    assert found is not None
    return found.partition("<body>\n")[2].partition("\n</body>")[0]


def test_M6_a_mail_says_the_same_as_text_and_as_html_the_text_first() -> None:
    mail = composed()
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    with_file = composed((File("a.txt", "text/plain", b"x"),))
    assert with_file.get_content_type() == "multipart/mixed"
    first, second = with_file.iter_parts()
    assert first.get_content_type() == "multipart/alternative"
    assert second.get_filename() == "a.txt"


def test_M6_the_signature_stands_below_the_text_and_what_is_answered_below_it() -> None:
    text = as_text(words_of(order(signature="Support\nBlue Ltd", quotation=ASKED), ()))
    assert text == (
        "Hello.\n\n-- \nSupport\nBlue Ltd\n\nOn 2024-03-01 at 09:30 UTC, Ann Lee wrote:\n"
        "> Where is it?\n>\n>> earlier\n> Ann\n"
    )
    assert split_quotation(text)[0].startswith("Hello.")
    assert "Where is it?" not in split_quotation(text)[0]


@pytest.mark.parametrize("signature", ["-- \nSupport", "--\nSupport\n", "\nSupport"])
def test_M6_a_signature_has_one_separator(signature: str) -> None:
    text = as_text(words_of(order(signature=signature), ()))
    assert text == "Hello.\n\n-- \nSupport\n"
    body = composed(signature=signature).get_body(("plain",))
    assert body is not None and body.get_content().replace("\r\n", "\n") == text


@pytest.mark.parametrize(
    ("language", "heading", "left_out"),
    [
        ("en", "On 2024-03-01 at 09:30 UTC, Ann Lee wrote:", "Not attached"),
        ("de-AT", "Am 01.03.2024 um 09:30 UTC schrieb Ann Lee:", "Nicht angehängt"),
        ("fr", "Le 01/03/2024 à 09:30 UTC, Ann Lee a écrit :", "Non joints"),
        ("nl", "On 2024-03-01 at 09:30 UTC, Ann Lee wrote:", "Not attached"),
    ],
)
def test_M6_the_words_of_the_gateway_are_of_the_mails_language(
    language: str, heading: str, left_out: str
) -> None:
    film = Attachment(filename="film.mp4", content_type="video/mp4", size_bytes=30_000_000)
    words = words_of(order(language=language, quotation=ASKED), (film,))
    assert words.heading == heading
    assert f"[{left_out}" in words.text and "film.mp4 (29 MB)" in words.text
    new, quoted = split_quotation(as_text(words))
    assert "Where is it?" not in new and quoted.startswith(heading)
    page = as_html(words, language)
    assert page is not None and f'<html lang="{language}">' in page


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\nb\n\nc", '<p dir="auto">a<br>\nb</p>\n<p dir="auto">c</p>'),
        ('<b> & "x"', '<p dir="auto">&lt;b&gt; &amp; "x"</p>'),
        ("a  b", '<p dir="auto">a\u00a0\u00a0b</p>'),
        (
            "See https://a.example/x?y=1&z=2.",
            '<p dir="auto">See <a href="https://a.example/x?y=1&amp;z=2" rel="noreferrer">'
            "https://a.example/x?y=1&amp;z=2</a>.</p>",
        ),
        (
            "(http://a.example/b)",
            '<p dir="auto">(<a href="http://a.example/b" rel="noreferrer">http://a.example/b</a>)</p>',
        ),
        ("javascript:alert(1)", '<p dir="auto">javascript:alert(1)</p>'),
        ("", ""),
    ],
)
def test_M6_text_as_html(text: str, html: str) -> None:
    assert html_of(text) == html


def test_M6_quoted_lines_are_quotations() -> None:
    html = html_of("yes\n> you said\n>> I said\n> so", quoted="asked", heading="Ann wrote:")
    assert html.count("<blockquote") == html.count("</blockquote>") == 3
    assert (
        html.index("I said") < html.index(">so<") < html.index("Ann wrote:") < html.index("asked")
    )
    assert "&gt;" not in html


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400), st.text(max_size=100), st.text(max_size=200))
@example('https://"onmouseover="x', "<script>", ">>>>>>>>>>> deep")
@example("https://x.example/'><img src=y>", "</p></body>", "\x00\ud800")
@example("https://..., http://)", "", "")
def test_M6_no_text_gets_out_of_its_html(text: str, signature: str, quoted: str) -> None:
    answered = Quotation(author="A", at=AT, text=quoted)
    words = words_of(order(text=text, signature=signature, quotation=answered), ())
    page = as_html(words, "en")
    assert page is not None
    seen = Seen()
    seen.feed(page)
    seen.close()
    assert seen.tags <= {"html", "head", "meta", "body", "p", "br", "a", "blockquote"}
    assert seen.attributes <= {"lang", "charset", "dir", "style", "href", "rel", "type"}
    assert all(one.startswith(("http://", "https://")) for one in seen.links)
    assert shown("".join(seen.said)) == shown(as_text(words))
    raw = compose(order(text=text, signature=signature, quotation=answered), ACCOUNT, AT)
    assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) <= 998


def test_M6_long_hostile_text_costs_little() -> None:
    begun = time.monotonic()
    for text in ("https://" * 10_000, "> " * 40_000, ">" * 90_000, "  \t" * 20_000, ")" * 90_000):
        assert as_html(Words(text), "en") is not None
    assert as_html(Words("x" * (MOST_CHARACTERS + 1)), "en") is None
    long = composed(text="x" * (MOST_CHARACTERS + 1))
    assert long.get_content_type() == "text/plain"
    assert time.monotonic() - begun < 2


def test_M6_answers_go_where_the_order_says() -> None:
    signed = Address(address="support+abc@company.example", name="Support")
    assert composed(reply_to=signed)["Reply-To"] == "Support <support+abc@company.example>"
    assert composed()["Reply-To"] is None
    bad = Address(address="a@b\r\nBcc: x@y.example")
    assert composed(reply_to=bad)["Reply-To"] is None


def test_M10_automatic_mail_keeps_programs_quiet_but_wants_to_know_of_failures() -> None:
    mail = composed(automatic=True)
    assert mail["X-Auto-Response-Suppress"] == SUPPRESSED and "NDR" not in SUPPRESSED
    assert mail["Precedence"] == "bulk" and mail["Auto-Submitted"] == "auto-generated"
    by_hand = composed()
    for name in ("X-Auto-Response-Suppress", "Precedence", "Auto-Submitted"):
        assert by_hand[name] is None


def test_M4_long_references_stay_whole_and_folded() -> None:
    references = tuple(f"<{number}.{'x' * 60}@customer.example>" for number in range(21))
    raw = compose(order(references=references, in_reply_to=references[-1]), ACCOUNT, AT)
    assert parse(raw).references == references
    assert max(map(len, raw.split(b"\r\n"))) <= 120
