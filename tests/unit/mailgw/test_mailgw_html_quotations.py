"""What programs mark in HTML as quoted is folded, answers below and between are not (M11)."""

from __future__ import annotations

import time

import pytest

from services.mailgw.incoming.parse import parse
from services.mailgw.model.mail import Mail

ODD = "<div>who wrote this on a day nobody can read</div>"  # no heading in any language
QUOTED = f"{ODD}<div>Prints?</div>"

ABOVE = {
    "Gmail": f'<div class="gmail_quote"><div class="gmail_attr">{ODD}</div>'
    '<blockquote class="gmail_quote">Prints?</blockquote></div>',
    "Gmail forwards": f'<div class="gmail_quote">{QUOTED}</div>',
    "Yahoo": f'<div id="ydp1yahoo_quoted_2" class="ydp1 yahoo_quoted">{QUOTED}</div>',
    "ProtonMail": f'<div class="protonmail_quote">{ODD}<blockquote class="protonmail_quote" '
    'type="cite">Prints?</blockquote></div>',
    "Zoho": f'<div class="zmail_extra">{QUOTED}</div>',
    "Outlook on the web": f'<div id="appendonsend"></div><hr>{QUOTED}',
    "Outlook": f'<div id="divRplyFwdMsg">{ODD}</div><div>Prints?</div>',
    "Outlook for mobiles": '<div id="ms-outlook-mobile-signature">Get <a href="https://aka.ms/o">'
    f'Outlook for iOS</a></div><div class="ms-outlook-mobile-reference-message">{QUOTED}</div>',
    "Outlook for mobiles, new": f'<div id="mail-editor-reference-message-container">{QUOTED}</div>',
    "Outlook for Mac": f'<span id="OLK_SRC_BODY_SECTION">{QUOTED}</span>',
    "Apple": f"<blockquote type=cite>{QUOTED}</blockquote>",
    "Thunderbird": f'<div class="moz-cite-prefix">{ODD}</div><blockquote type="cite" '
    'cite="mid:a@b">Prints?</blockquote>',
    "Roundcube": f'<p id="reply-intro"></p><div id="reply-intro">{ODD}</div>'
    '<blockquote type="cite" style="padding: 0">Prints?</blockquote>',
    "mail.ru": f'<blockquote style="border-left:1px solid #0857A6;">{QUOTED}</blockquote>',
    "QQ": f"<includetail>{QUOTED}</includetail>",
    "NetEase": f'<div class="ntes-mailmaster-quote">{QUOTED}</div>',
    "Spark": f'<div name="messageReplySection">{QUOTED}</div>',
    "Superhuman": f'<div class="sh-color gmail_quote">{QUOTED}</div>',
    "Front": f'<blockquote type="cite" class="front-blockquote">{QUOTED}</blockquote>',
    "Missive": f'<div class="missive_quote">{QUOTED}</div>',
    "Tutanota": f'<blockquote class="tutanota_quote">{QUOTED}</blockquote>',
    "Zimbra": f'<hr id="zwchr" data-marker="__DIVIDER__">{QUOTED}',
    "Yandex": '<div>03.03.2025, 10:00, "A" &lt;<a href="mailto:a@b.example">a@b.example</a>&gt;:'
    "</div><blockquote><div>Prints?</div></blockquote>",
    "Windows Mail": '<div style="border-top-color: rgb(229, 229, 229)"><b>От:</b>&nbsp;A<br><b>'
    "Отправлено:</b>&nbsp;3 марта<br><b>Кому:</b>&nbsp;B</div><div>Prints?</div>",
}
ENDING = {
    "Gmail",
    "Gmail forwards",
    "Yahoo",
    "ProtonMail",
    "Apple",
    "Thunderbird",
    "Roundcube",
    "mail.ru",
    "QQ",
    "NetEase",
    "Superhuman",
    "Front",
    "Missive",
    "Tutanota",
    "Yandex",
}


def _read(html: str) -> Mail:
    raw = f"From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n{html}"
    return parse(raw.encode())


@pytest.mark.parametrize("program", ABOVE)
def test_M11_what_a_program_marks_below_the_new_text_is_folded(program: str) -> None:
    mail = _read(f"<div>Thanks!</div>{ABOVE[program]}")
    assert mail.text == "Thanks!"
    assert "Prints?" in mail.quoted


@pytest.mark.parametrize("program", sorted(ENDING))
def test_M11_an_answer_below_what_a_program_marks_is_new(program: str) -> None:
    mail = _read(f"{ABOVE[program]}<div>It prints.</div>")
    assert mail.text == "It prints."
    assert "Prints?" in mail.quoted


def test_M11_gmail_puts_the_answers_into_its_quotation() -> None:
    block = '<blockquote class="gmail_quote">{}</blockquote>'
    mail = _read(
        f'<div class="gmail_quote"><div class="gmail_attr">{ODD}</div>{block.format("Prints?")}'
        f"<div>Yes.</div>{block.format('In colour?')}<div>No.</div>{block.format('Regards')}</div>"
    )
    shown = [line for line in mail.text.split("\n") if line.strip()]
    assert shown[1:] == ["> Prints?", "Yes.", "> In colour?", "No."]
    assert mail.quoted == "> Regards"


@pytest.mark.parametrize("program", ABOVE)
def test_M11_html_that_only_forwards_is_shown_whole(program: str) -> None:
    mail = _read(ABOVE[program])
    assert "Prints?" in mail.text
    assert not mail.text.startswith(">")
    mail = _read(f"<div>Sent from my iPhone</div>{ABOVE[program]}")
    assert "Prints?" in mail.text


def test_M11_elements_that_show_nothing_neither_indent_words_nor_part_them() -> None:
    assert _read("<div><div>It pr<span>int</span>s.</div></div><p>Ann</p>").text.split("\n") == [
        "It prints.",
        "",
        "Ann",
    ]


def test_M11_a_ruler_ends_a_line() -> None:
    mail = _read(
        "<div>Ann<hr><b>From: </b>bob@blue.example<br><b>To: </b>ann@far.example<br>"
        "<b>Subject: </b>Printer<br><br>Prints?</div>"
    )
    assert mail.text == "Ann"
    assert mail.quoted.endswith("Prints?")


def test_M11_an_indented_paragraph_is_no_quotation() -> None:
    mail = _read("<p>It says:</p><blockquote>Error 5</blockquote>")
    assert "Error 5" in mail.text
    assert not mail.quoted


@pytest.mark.parametrize(
    "piece",
    [
        "<blockquote type=cite>a</blockquote>b",
        "<blockquote type=cite>",
        '<div class="gmail_quote">a</div>',
        '<div class="',
        "</div>",
        "<div class=a ",
        "On 10:00 <a@b> wrote:<br>&gt; a<br>b<br>",
        "Sent from my iPhone<br>",
    ],
)
def test_M11_html_that_is_hard_to_split_takes_no_long_time(piece: str) -> None:
    began = time.monotonic()
    _read(piece * (1_000_000 // len(piece)))
    assert time.monotonic() - began < 10
