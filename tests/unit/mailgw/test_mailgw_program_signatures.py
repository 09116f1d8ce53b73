"""What a telephone or a program signs with is folded, words of people never (M11)."""

from __future__ import annotations

import pytest

from services.mailgw.incoming.quotation import split_quotation

SIGNED = {
    "iPhone en": "Sent from my iPhone",
    "iPad de": "Von meinem iPad gesendet",
    "iPhone fr": "Envoyé de mon iPhone",
    "iPhone es": "Enviado desde mi iPhone",
    "iPhone it": "Inviato da iPhone",
    "iPhone nl": "Verstuurd vanaf mijn iPhone",
    "iPhone pt": "Enviado do meu iPhone",
    "iPhone pl": "Wysłane z iPhone'a",
    "iPhone sv": "Skickat från min iPhone",
    "iPhone da": "Sendt fra min iPhone",
    "iPhone fi": "Lähetetty iPhonesta",
    "iPhone ru": "Отправлено с iPhone",
    "iPhone ja": "iPhoneから送信",
    "iPhone zh": "发自我的iPhone",
    "iPhone zh-TW": "從我的iPhone傳送",
    "Samsung": "Sent from my Samsung Galaxy smartphone.",
    "Samsung de": "Von meinem Samsung Galaxy Smartphone gesendet.",
    "Samsung fr": "Envoyé depuis mon appareil Galaxy",
    "Outlook iOS": "Get Outlook for iOS<https://aka.ms/o0ukef>",
    "Outlook Android": "Sent from Outlook for Android <https://aka.ms/AAb9ysg>",
    "Outlook de": "Outlook für iOS<https://aka.ms/o0ukef> beziehen",
    "Outlook fr": "Télécharger Outlook pour Android<https://aka.ms/ghei36>",
    "Outlook es": "Obtener Outlook para iOS<https://aka.ms/o0ukef>",
    "Outlook nl": "Outlook voor Android downloaden",
    "Outlook no": "Skaff deg Outlook for iOS",
    "Yahoo": "Sent from Yahoo Mail on Android",
    "Yahoo de": "Von Yahoo Mail auf Android gesendet",
    "Proton": "Sent with [Proton Mail](https://proton.me/mail/home) secure email.",
    "Windows": "Sent from Mail for Windows",
    "Windows de": "Gesendet von Mail für Windows 10",
    "BlackBerry": "Sent from my BlackBerry 10 smartphone.",
    "Huawei": "Sent from my Huawei phone",
    "Gmail": "Sent from Gmail Mobile",
    "Yahoo, advertising": "Sent from Yahoo Mail: Search, Organize, Conquer",
    "Samsung, with a company": "Sent via the Samsung Galaxy S10, an AT&T 5G smartphone",
    "Outlook fr, older": "Envoyé à partir d'Outlook pour iOS",
    "Outlook pl": "Uzyskaj aplikację Outlook dla systemu iOS",
    "Outlook ru": "Отправлено из Outlook для iOS",
    "Outlook ja": "Outlook for iOS を入手",
    "Outlook zh": "获取 iOS 版 Outlook",
    "Huawei zh": "发自我的华为手机",
    "Windows it": "Inviato da Posta per Windows",
    "K-9": "-- \nSent from my Android device with K-9 Mail.",
}
NEW = "It prints again.\nAnn"
BELOW = "On 3 Mar 2025, at 10:00, Support <help@blue.example> wrote:\n\n> Does it print?"


@pytest.mark.parametrize("program", SIGNED)
def test_M11_the_signature_of_a_program_at_the_end_is_folded(program: str) -> None:
    assert split_quotation(f"{NEW}\n\n{SIGNED[program]}") == (NEW, SIGNED[program])


@pytest.mark.parametrize("program", SIGNED)
def test_M11_the_signature_of_a_program_is_folded_with_the_quotation_below(program: str) -> None:
    below = f"{SIGNED[program]}\n\n{BELOW}"
    assert split_quotation(f"{NEW}\n\n{below}") == (NEW, below)


WORDS_OF_PEOPLE = {
    "no device": "It is\n\nSent from my office",
    "more is said": "It breaks.\n\nSent from my iPhone, the iPad does it, too",
    "a sentence": "Does it work?\n\nSent via Gmail it works",
    "German": "Was geht nicht?\n\nOutlook für iOS funktioniert nicht",
    "German, from": "Was geht nicht?\n\nVon meinem iPhone geht es nicht",
    "Dutch": "Wat is er?\n\nOutlook voor Android werkt niet",
    "German, sent": "Was ist?\n\nOutlook hat die Nachricht nie gesendet",
    "Chinese": "怎么办？\n\n我的iPhone不能发送",
    "Chinese, it fails": "怎么办？\n\n从我的iPhone发送失败",
    "Japanese": "困っています。\n\n昨日iPhoneから送信",
    "a question": "Which of them?\n\nSent from my iPhone?",
    "a broken sentence": "I noticed that the mail was\nsent from my iPhone",
    "a long sentence": "Look:\n\nSent from my iPhone the mail arrives but from the office computer "
    "of my colleague it never does",
    "something follows": "Sent from my iPhone\n\nThis line stands at the end of each of my mails.",
    "nothing else": "Sent from my iPhone",
}


@pytest.mark.parametrize("kind", WORDS_OF_PEOPLE)
def test_M11_what_only_resembles_the_signature_of_a_program_stays(kind: str) -> None:
    assert split_quotation(WORDS_OF_PEOPLE[kind]) == (WORDS_OF_PEOPLE[kind], "")
