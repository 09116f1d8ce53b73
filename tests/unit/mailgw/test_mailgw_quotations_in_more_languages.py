"""What is new is told from what is quoted in the languages beyond the first twelve, too (M11)."""

from __future__ import annotations

import pytest

from services.mailgw.incoming.quotation import split_quotation

NEW = "Thanks, it prints again.\n\nRegards\nAnn"

# None is followed by lines marked with >, by which it would be told in any language.
HEADS = {
    "Gmail ru": "пн, 3 мар. 2025 г. в 10:00, Support <help@blue.example>:",
    "Gmail ru, wrapped": "пн, 3 мар. 2025 г. в 10:00, Support of the Blue Company <\n"
    "help@blue.example>:",
    "mail.ru": "Понедельник, 3 марта 2025, 10:00 +03:00 от Support <help@blue.example>:",
    "Thunderbird ru": "03.03.2025 10:00, Support <help@blue.example> пишет:",
    "Gmail uk": "пн, 3 бер. 2025 р. о 10:00 Support <help@blue.example> пише:",
    "Gmail cs": "po 3. 3. 2025 v 10:00 odesílatel Support <help@blue.example> napsal:",
    "Gmail sk": "po 3. 3. 2025 o 10:00 Support <help@blue.example> napísal(a):",
    "Gmail tr": "Support <help@blue.example>, 3 Mar 2025 Pzt, 10:00 tarihinde şunu yazdı:",
    "Gmail hu": "Support <help@blue.example> ezt írta (időpont: 2025. márc. 3., H, 10:00):",
    "Gmail el": "Στις Δευ 3 Μαρ 2025 στις 10:00 π.μ., ο χρήστης Support <help@blue.example> "
    "έγραψε:",
    "Gmail ko": "2025년 3월 3일 (월) 오전 10:00, Support <help@blue.example>님이 작성:",
    "Gmail fi": "ma 3. maalisk. 2025 klo 10.00 Support (help@blue.example) kirjoitti:",
    "Gmail no": "man. 3. mars 2025 kl. 10:00 skrev Support <help@blue.example>:",
    "Gmail he": "\u200fבתאריך יום ב׳, 3 במרץ 2025 ב-10:00 מאת \u202aSupport\u202c\u200f "
    "<\u202ahelp@blue.example\u202c\u200f>:\u200f",
    "Gmail ar": "في الاثنين، 3 مارس 2025 في 10:00 ص تمت كتابة ما يلي بواسطة "
    "\u202aSupport\u202c\u200f <\u202ahelp@blue.example\u202c\u200f>:\u200f",
    "Gmail de, wrapped behind a day": "Support <help@blue.example> schrieb am So., 23.\n"
    "Juni 2024, 21:08:",
    "Zoho": "---- On Mon, 03 Mar 2025 10:00:00 +0100 help@blue.example wrote ----",
    "Outlook fi": "Lähettäjä: Support\nLähetetty: maanantai 3. maaliskuuta\n"
    "Vastaanottaja: Ann\nAihe: VS: [101]",
    "Outlook ru": "От: Support\nОтправлено: 3 марта 2025 г. 10:00\nКому: Ann\nТема: RE: [101]",
    "Outlook cs": "Od: Support\nOdesláno: pondělí 3. března 2025\nKomu: Ann\nPředmět: RE: [101]",
    "Outlook tr": "Kimden: Support\nGönderildi: 3 Mart 2025\nKime: Ann\nKonu: RE: [101]",
    "Outlook el": "Από: Support\nΣτάλθηκε: Δευτέρα, 3 Μαρτίου\nΠρος: Ann\nΘέμα: RE: [101]",
    "Outlook ko": "보낸 사람: Support\n보낸 날짜: 2025년 3월 3일\n받는 사람: Ann\n제목: RE: [101]",
    "Outlook he": "מאת: Support\nנשלח: יום שני\nאל: Ann\nנושא: RE: [101]",
    "Outlook ar": "من: Support\nتم الإرسال: الاثنين\nإلى: Ann\nالموضوع: RE: [101]",
    "Notes de": "Von:\tSupport\nAn:\tAnn\nDatum:\t03.03.2025 10:00\nBetreff:\tAW: [101]",
    "Samsung ru": "-------- Исходное сообщение --------\nОт: Support",
    "Samsung, in one line": "-------- Original message --------From: Support "
    "<help@blue.example> Date: 3/3/25  10:00  (GMT+01:00) To: Ann Subject: [101]",
    "Thunderbird cs": "Dne 03. 03. 25 v 10:00 Support napsal(a):",
    "old Outlook no": "-----Opprinnelig melding-----\nFra: Support",
}


@pytest.mark.parametrize("program", HEADS)
def test_M11_what_stands_below_the_words_of_a_program_is_quoted(program: str) -> None:
    text = f"{NEW}\n\n{HEADS[program]}\n\nDoes it print?\nBlue"
    assert split_quotation(text) == (NEW, text[len(NEW) :].strip())


OWN_SENTENCES = {
    "with a day and a time": "On 3/3/2025 at 10:00 your colleague wrote:\n"
    "restart it.\nIt did not help.",
    "with an address": "On Monday bob@blue.example wrote:\nrestart it.\nIt did not help.",
    "German": "Am 3.3.2025 um 10:00 schrieb mir Ihr Kollege:\nneu starten.\nEs half nicht.",
    "over two lines": "Since 3.3.2025 at 10:00 ann@blue.example is away.\nShe wrote: it stopped:",
    "a time and a list": "It stopped on 3.3.2025 at 10:00, these are the steps:\n1. on\n2. off",
}


@pytest.mark.parametrize("kind", OWN_SENTENCES)
def test_M11_a_sentence_about_what_somebody_wrote_hides_nothing_below_it(kind: str) -> None:
    assert split_quotation(OWN_SENTENCES[kind]) == (OWN_SENTENCES[kind], "")
