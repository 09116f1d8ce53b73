"""What is new in a mail is told from what it quotes, in twelve languages (M11)."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.mailgw.incoming.parse import parse
from services.mailgw.incoming.quotation import split_quotation

NEW = "Thanks, it prints again.\n\nRegards\nAnn"

WROTE = {
    "Gmail en": "On Mon, Mar 3, 2025 at 10:00 AM Support <help@blue.example> wrote:",
    "Gmail de": "Am Mo., 3. März 2025 um 10:00 Uhr schrieb Support <help@blue.example>:",
    "Gmail fr": "Le lun. 3 mars 2025 à 10:00, Support <help@blue.example> a écrit :",
    "Gmail es": "El lun, 3 mar 2025 a las 10:00, Support (<help@blue.example>) escribió:",
    "Gmail it": "Il giorno lun 3 mar 2025 alle ore 10:00 Support <help@blue.example> ha scritto:",
    "Gmail nl": "Op ma 3 mrt 2025 om 10:00 schreef Support <help@blue.example>:",
    "Gmail pt": "Em seg., 3 de mar. de 2025 às 10:00, Support <help@blue.example> escreveu:",
    "Gmail pl": "pon., 3 mar 2025 o 10:00 Support <help@blue.example> napisał(a):",
    "Gmail sv": "Den mån 3 mars 2025 kl 10:00 skrev Support <help@blue.example>:",
    "Gmail da": "Den man. 3. mar. 2025 kl. 10.00 skrev Support <help@blue.example>:",
    "Gmail ja": "2025年3月3日(月) 10:00 Support <help@blue.example>:",
    "Gmail zh": "Support <help@blue.example> 于2025年3月3日周一 10:00写道：",
    "Gmail zh-TW": "Support <help@blue.example> 於 2025年3月3日 週一 上午10:00寫道：",
    "Gmail, wrapped": "On Mon, Mar 3, 2025 at 10:00 AM Support of the Blue Company\n"
    "<help@blue.example>\nwrote:",
    "Apple en": "On 3 Mar 2025, at 10:00, Support <help@blue.example> wrote:",
    "Apple de": "Am 03.03.2025 um 10:00 schrieb Support <help@blue.example>:",
    "Apple sv": "3 mars 2025 kl. 10:00 skrev Support <help@blue.example>:",
    "Apple ja": "2025/03/03 10:00、Support <help@blue.example>のメール:",
    "Apple zh": "2025年3月3日 10:00，Support <help@blue.example> 写道：",
    "Thunderbird de": "Am 03.03.25 um 10:00 schrieb Support:",
    "Thunderbird pl": "W dniu 3.03.2025 o 10:00, Support pisze:",
    "Thunderbird pt": "Em 03/03/2025 10:00, Support escreveu:",
    "Thunderbird da": "Den 03.03.2025 kl. 10.00 skrev Support:",
    "Thunderbird, wrapped": "On 3/3/25 10:00, Support of a company with a long name that\n"
    "goes on, wrote:",
    "Yahoo de": "Am Montag, 3. März 2025 um 10:00:00 MEZ hat Support <help@blue.example> "
    "Folgendes geschrieben:",
    "Onet pl": "Dnia 3 marca 2025 10:00 Support <help@blue.example> napisał(a):",
    "163": '在 2025-03-03 10:00:00，"Support" <help@blue.example> 写道：',
    "Notes en": "-----Support <help@blue.example> wrote: -----",
    "Notes de": "-----Support <help@blue.example> schrieb: -----",
    "by hand": "On Monday, Support wrote:",
    "mutt, Finnish": "ma 3. maaliskuuta 2025 klo 10.00 Support (help@blue.example) kirjoitti:",
}

BLOCKS = {
    "Outlook en": "From: Support\nSent: Monday, March 3, 2025 10:00\nTo: Ann\nSubject: Re: [101]",
    "Outlook de": "Von: Support\nGesendet: Montag, 3. März 2025 10:00\nAn: Ann\nBetreff: AW: [101]",
    "Outlook fr": "De : Support\nEnvoyé : lundi 3 mars 2025 10:00\nÀ : Ann\nObjet : RE: [101]",
    "Outlook es": "De: Support\nEnviado el: lunes, 3 de marzo\nPara: Ann\nAsunto: RE: [101]",
    "Outlook it": "Da: Support\nInviato: lunedì 3 marzo 2025\nA: Ann\nOggetto: R: [101]",
    "Outlook nl": "Van: Support\nVerzonden: maandag 3 maart\nAan: Ann\nOnderwerp: RE: [101]",
    "Outlook pt": "De: Support\nEnviada em: segunda-feira, 3 de março\nPara: Ann\nAssunto: RES:",
    "Outlook pl": "Od: Support\nWysłano: poniedziałek, 3 marca\nDo: Ann\nTemat: ODP: [101]",
    "Outlook sv": "Från: Support\nSkickat: den 3 mars 2025\nTill: Ann\nÄmne: SV: [101]",
    "Outlook da": "Fra: Support\nSendt: 3. marts 2025 10:00\nTil: Ann\nEmne: SV: [101]",
    "Outlook ja": "差出人: Support\n送信日時: 2025年3月3日\n宛先: Ann\n件名: RE: [101]",
    "Outlook zh": "发件人: Support\n发送时间: 2025年3月3日\n收件人: Ann\n主题: 答复: [101]",
    "Outlook zh-TW": "寄件者: Support\n寄件日期: 2025年3月3日\n收件者: Ann\n主旨: RE: [101]",
    "Outlook mac": "*From: *Support\n*Date: *Monday, March 3\n*To: *Ann\n*Subject: *Re: [101]",
    "new Outlook": "________________________________\nFrom: Support\nSent: Monday\nTo: Ann",
    "old Outlook en": "-----Original Message-----\nFrom: Support",
    "old Outlook de": "-----Ursprüngliche Nachricht-----\nVon: Support",
    "old Outlook fr": "-----Message d'origine-----\nDe : Support",
    "old Outlook es": "-----Mensaje original-----\nDe: Support",
    "old Outlook it": "-----Messaggio originale-----\nDa: Support",
    "old Outlook nl": "-----Oorspronkelijk bericht-----\nVan: Support",
    "old Outlook pt": "-----Mensagem original-----\nDe: Support",
    "old Outlook sv": "-----Ursprungligt meddelande-----\nFrån: Support",
    "old Outlook da": "-----Oprindelig meddelelse-----\nFra: Support",
    "Wirtualna pl": "-----Oryginalna wiadomość-----\nOd: Support",
    "QQ": "------------------ 原始邮件 ------------------\n发件人: Support",
    "GMX": "Gesendet: Montag, 03. März 2025 um 10:00 Uhr\nVon: Support\nAn: Ann\nBetreff: AW: [1]",
    "Gmail forwards": "---------- Forwarded message ---------\nFrom: Support",
    "Apple forwards": "Begin forwarded message:\n\nFrom: Support",
    "Apple forwards de": "Anfang der weitergeleiteten Nachricht:\n\nVon: Support",
}


@pytest.mark.parametrize("program", WROTE)
@pytest.mark.parametrize("mark", ["> ", ""])
def test_M11_what_somebody_wrote_is_quoted(program: str, mark: str) -> None:
    if not mark and program in {"mutt, Finnish", "by hand"}:  # told by the quoted lines below them
        mark = "> "
    text = f"{NEW}\n\n{WROTE[program]}\n\n{mark}Does it print?\n{mark}Blue"
    new, quoted = split_quotation(text)
    assert new == NEW
    assert quoted == text[len(NEW) :].strip()


@pytest.mark.parametrize("program", BLOCKS)
def test_M11_what_follows_the_heads_of_a_mail_is_quoted(program: str) -> None:
    text = f"{NEW}\n\n{BLOCKS[program]}\n\nDoes it print?\nBlue"
    new, quoted = split_quotation(text)
    assert new == NEW
    assert quoted == text[len(NEW) :].strip()


@pytest.mark.parametrize("heading", [*WROTE.values(), *BLOCKS.values()])
def test_M11_a_mail_of_quotation_alone_is_shown_whole(heading: str) -> None:
    text = f"{heading}\n\n> Does it print?"
    new, quoted = split_quotation(text)
    assert "Does it print?" in new + quoted
    assert new.strip()


ALL_NEW = [
    "As I wrote on Monday:\nthe printer is broken.",
    "Do: print a page\nData: 5 GB\nA: nothing happens",
    "From: where I sit\nit is far to the printer.",
    "On Monday at 10:00 it stopped.\nI wrote it down: error 5.",
    "Steps:\n- switch on\n- wait\n\n--\nAnn",
    "Am 3. März schrieb mir Ihr Kollege, dass alles geht.\nStimmt nicht:\nes geht nicht.",
    "----------\nTable of 2024:\n----------\na b c",
    "2024年の件、よろしくお願いします。",
]


@pytest.mark.parametrize("text", ALL_NEW)
def test_M11_what_only_resembles_a_quotation_is_new(text: str) -> None:
    assert split_quotation(text) == (text, "")


def test_M11_marked_lines_at_the_end_are_quoted_also_where_nothing_says_whose_they_are() -> None:
    text = "The output was:\n> error 5\n> stopped"
    assert split_quotation(text) == ("The output was:", "> error 5\n> stopped")


HTML = {
    "Gmail": '<div dir="ltr">Thanks!</div><br><div class="gmail_quote gmail_quote_container">'
    '<div class="gmail_attr">on a day nobody can read</div><blockquote>Prints?</blockquote></div>',
    "Outlook on the web": '<div>Thanks!</div><div id="appendonsend"></div><hr><div '
    'id="divRplyFwdMsg" dir="ltr"><b>Lähettäjä:</b> Support</div><div>Prints?</div>',
    "Yahoo": "<div>Thanks!</div><div id='yahoo_quoted_12' class='yahoo_quoted'>Prints?</div>",
    "Outlook": '<p class="MsoNormal">Thanks!</p><div style="border-top:solid 1pt"><p><b>Von:</b> '
    "Support<br><b>Gesendet:</b> Montag<br><b>An:</b> Ann<br><b>Betreff:</b> AW</p></div>"
    "<p>Prints?</p>",
    "Apple": "<div>Thanks!</div><div><blockquote type=cite><div>On 3 Mar 2025, at 10:00, Support "
    "&lt;help@blue.example&gt; wrote:</div><br><div>Prints?</div></blockquote></div>",
}


@pytest.mark.parametrize("program", HTML)
def test_M11_html_without_a_text_is_split_as_text_is(program: str) -> None:
    raw = "From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n" + HTML[program]
    mail = parse(raw.encode())
    assert mail.text == "Thanks!"
    assert "Prints?" in mail.quoted
    assert mail.html is not None and "Prints?" in mail.html


def test_M11_html_that_only_quotes_is_shown_whole() -> None:
    raw = b"From: a@b.example\nContent-Type: text/html\n\n<div class=gmail_quote>Prints?</div>"
    assert parse(raw).text == "Prints?"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*WROTE.values(), *BLOCKS.values(), "> a", "", "b", "-- "])))
def test_M11_no_word_is_lost_by_splitting(lines: list[str]) -> None:
    text = "\n".join(lines)
    both = "".join(split_quotation(text.strip()))
    assert sorted("".join(both.split())) == sorted("".join(text.split()))


@pytest.mark.parametrize(
    "piece",
    ["On 10:00 \n", "a<", "<div class=", "> ", "From:\n", "-", "2025年3月3日", "\n", "__\n"],
)
def test_M11_what_is_hard_to_split_takes_no_long_time(piece: str) -> None:
    began = time.monotonic()
    split_quotation("a" + piece * (200_000 // len(piece)) + "b")
    parse(b"From: a@b\nContent-Type: text/html\n\n" + piece.encode() * (1_000_000 // len(piece)))
    assert time.monotonic() - began < 10
