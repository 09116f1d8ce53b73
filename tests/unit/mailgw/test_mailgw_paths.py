"""M10, M12: which path a mail takes (docs/decisions/0010), by what real programs write."""

from __future__ import annotations

import time

import pytest

from services.mailgw.incoming.parse import parse
from services.mailgw.incoming.pipeline import judge
from services.mailgw.model.verdict import Verdict


def verdicts(extra: str = "", subject: str = "Hello", sender: str = "anna@example.org"):
    raw = f"From: {sender}\r\nSubject: {subject}\r\n{extra}\r\nHello\r\n".encode()
    return {verdict.filter: verdict for verdict in judge(parse(raw))}


def said_yes(found: dict[str, Verdict]) -> set[str]:
    return {name for name, verdict in found.items() if verdict.outcome == "yes"}


def test_a_letter_takes_no_special_path() -> None:
    assert said_yes(verdicts(subject="Out of office furniture is broken")) == set()
    assert said_yes(verdicts("Auto-Submitted: no\r\nPrecedence: normal\r\n")) == set()


@pytest.mark.parametrize(
    "subject",
    [
        *("Out of Office AutoReply: [101] Printer", "Out Of Office Re: [101] Printer"),
        *("Automatic reply: [101] Printer", "Automated response: x", "Vacation reply"),
        *("AutoReply: hello", "Out of the office: Re: x", "Holiday notice: [101] x"),
        *("Automatische Antwort: [101] Drucker", "Abwesenheitsnotiz: [101] Drucker"),
        *("Abwesend: [101]", "Abwesenheitsnachricht"),
        *("Abwesend: AW: Drucker", "Afwezig: Re: printer", "Fuori ufficio: Re: x"),
        *("Réponse automatique : imprimante", "Absence du bureau : [101] x"),
        *("Respuesta automática: x", "Fuera de la oficina: Re: x", "Risposta automatica: x"),
        *("Automatisch antwoord: x", "Resposta automática: x", "Poissa: Re: x"),
        *("Automatyczna odpowiedź: x", "Odpowiedź automatyczna: x", "Autosvar: x"),
        *("Automatiskt svar: x", "Automatisk svar: x", "Automaattinen vastaus: x"),
        *("Автоответ: x", "Автоматический ответ: x", "自動返信: プリンター", "自动回复：打印机"),
        *(
            "자동 회신: x",
            "תגובה אוטומטית: x",
            "رد تلقائي: x",
            "Automatikus válasz: x",
            "自动答复: x",
        ),
    ],
)
def test_M12_the_subject_of_an_absence_is_known(subject: str) -> None:
    found = verdicts(subject=subject)["is_out_of_office"]
    assert (found.out_of_office, found.automatic) == (True, True), subject


DOUBTFUL = (
    *("Abwesend: nächste Woche bin ich nicht da, wer hilft?", "Afwezig: volgende week"),
    *(
        "Out of office: how do I set it up?",
        "Holiday notice: office closed in May",
        "Out of office",
    ),
    *("Automated message: backup failed", "Vacation message", "Out of office (back on Monday)"),
    *(
        "Urlaub: Vertretung einrichten",
        "Poissa: kuka auttaa?",
        "Assente: come fare?",
        "Frånvaro: x",
    ),
    *("Absence: qui remplace Marie ?", "Fuera de la oficina: acceso", "不在：誰に聞けば"),
)


@pytest.mark.parametrize(
    "subject",
    [
        *("Out of office hours support?", "Our automatic reply does not work", "Vacation request"),
        *("Abwesenheitsplan 2027", "Automatische Antworten einrichten", "Away team shirts"),
        *("Autoresponder broken", "Holiday responses to the survey", "Fuera de servicio"),
        *("Assente dal lavoro, come inserire?", "自動返信の設定について"),
        *DOUBTFUL,
    ],
)
def test_M12_people_write_about_absences_too(subject: str) -> None:
    assert verdicts(subject=subject)["is_out_of_office"].outcome == "no"


@pytest.mark.parametrize("subject", DOUBTFUL)
@pytest.mark.parametrize(
    "sign",
    ["Return-Path: <>", "X-Auto-Response-Suppress: All", "Precedence: bulk"],
)
def test_M12_a_second_sign_makes_it_a_note_of_absence(subject: str, sign: str) -> None:
    assert verdicts(f"{sign}\r\n", subject=subject)["is_out_of_office"].out_of_office


@pytest.mark.parametrize(
    ("answers", "text", "away"),
    [
        ("In-Reply-To: <1@ours.example>\r\n", "Ich bin bis Montag im Urlaub.", True),
        ("References: <1@ours.example>\r\n", "I am out of the office until Monday.", True),
        ("In-Reply-To: <1@ours.example>\r\n", "Wer hilft mir nächste Woche?", False),
        ("", "I am out of the office until Monday.", False),
    ],
    ids=["german", "english", "an answer", "a letter"],
)
def test_M12_an_answer_that_tells_of_an_absence(answers: str, text: str, away: bool) -> None:
    raw = f"From: anna@example.org\r\nSubject: Out of office\r\n{answers}\r\n{text}\r\n"
    found = {one.filter: one for one in judge(parse(raw.encode()))}
    assert found["is_out_of_office"].out_of_office is away


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-replied (vacation)",
        "X-Autoreply: yes",
        "X-Autorespond: 1",
        "Precedence: auto_reply",
        "X-Mail-Autoreply: abc",
    ],
)
def test_M12_the_headers_of_an_absence_are_known(header: str) -> None:
    assert verdicts(f"{header}\r\n")["is_out_of_office"].out_of_office


@pytest.mark.parametrize(
    "header",
    [
        "List-Id: <a.b>",
        "List-Unsubscribe: <https://x.example>",
        "Precedence: list",
        "Mailing-List: x",
    ],
)
def test_M10_a_list_is_never_answered(header: str) -> None:
    found = verdicts(f"{header}\r\n")["is_list"]
    assert found.automatic and found.why


@pytest.mark.parametrize("sender", ["noreply@shop.example", "no-reply@x.example"])
def test_M10_nobody_reads_what_is_sent_to_a_program(sender: str) -> None:
    assert verdicts(sender=sender)["is_automatic"].automatic


def test_M10_who_wants_no_reply_may_still_be_a_person() -> None:
    found = verdicts("X-Auto-Response-Suppress: OOF, AutoReply\r\n")
    assert found["wants_no_reply"].unanswered
    assert not any(one.automatic for one in found.values())
    assert not verdicts("X-Auto-Response-Suppress: None\r\n")["wants_no_reply"].unanswered


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("X-Spam-Flag: YES", "x"),
        ("X-Spam-Status: Yes, score=9.3 required=5.0 tests=BAYES_99", "x"),
        ("X-Spam: Yes", "x"),
        ("X-MS-Exchange-Organization-SCL: 5", "x"),
        ("X-MS-Exchange-Organization-SCL: 9", "x"),
        ("X-Forefront-Antispam-Report: CIP:1.2.3.4;CTRY:US;SFV:SPM;SCL:5;SRVR:X", "x"),
        ("X-Bogosity: Spam, tests=bogofilter", "x"),
        ("X-Rspamd-Action: add header", "x"),
        ("X-Rspamd-Action: reject", "x"),
        ("X-Spamd-Result: default: True [16.10 / 15.00]; BAYES_SPAM(5.10)[100.00%]", "x"),
        ("X-Barracuda-Spam-Flag: YES", "x"),
        ("X-Proofpoint-Spam-Details: rule=spam policy=default score=99", "x"),
        ("X-Other: 1", "[SPAM] Buy now"),
        ("X-Other: 1", "***SPAM*** Buy now"),
        ("X-Other: 1", "*****SPAM***** Buy"),
        ("X-Other: 1", "{Spam?} Buy"),
    ],
)
def test_M10_what_a_filter_flagged_as_spam_is_known(header: str, subject: str) -> None:
    found = verdicts(f"{header}\r\n", subject)["is_spam"]
    assert found.spam and found.why.startswith("flagged as spam")


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("X-Spam-Flag: NO", "x"),
        ("X-Spam-Status: No, score=-1.2 required=5.0", "x"),
        ("X-MS-Exchange-Organization-SCL: -1", "x"),
        ("X-MS-Exchange-Organization-SCL: 1", "x"),
        ("X-Forefront-Antispam-Report: SFV:NSPM;SCL:1;", "x"),
        ("X-Rspamd-Action: no action", "x"),
        ("X-Rspamd-Action: greylist", "x"),
        ("X-Spamd-Result: default: False [1.10 / 15.00]; R_SPF_ALLOW(-0.20)[]", "x"),
        ("X-Barracuda-Spam-Flag: NO", "x"),
        ("X-Proofpoint-Spam-Details: rule=notspam policy=default score=0", "x"),
        ("X-Other: 1", "Our spam filter is too strict"),
        ("X-Other: 1", "Re: [SPAM] is in every subject"),
    ],
)
def test_M10_what_is_no_spam_is_let_through(header: str, subject: str) -> None:
    assert not verdicts(f"{header}\r\n", subject)["is_spam"].spam


RECEIPT = """\
From: Bob <bob@customer.example>
To: support@company.example
Subject: Read: [101] Printer
Content-Type: multipart/report; report-type=disposition-notification; boundary=b

--b
Content-Type: text/plain

Your message was read on Monday.
--b
Content-Type: message/disposition-notification

Reporting-UA: mail.customer.example; Outlook
Final-Recipient: rfc822; bob@customer.example
Original-Message-ID: <casewire.0193f0c0-0000-7000-8000-000000000001@company.example>
Disposition: manual-action/MDN-sent-manually; displayed

--b--
"""


def test_M10_a_receipt_names_the_mail_that_was_read() -> None:
    mail = parse(RECEIPT.encode())
    assert mail.receipt is not None and mail.report is None
    assert mail.receipt.disposition == "displayed"
    assert mail.receipt.message_id.startswith("<casewire.0193f0c0-")
    found = {verdict.filter: verdict for verdict in judge(mail)}
    assert found["is_receipt"].receipt and found["is_receipt"].automatic
    assert not found["is_out_of_office"].out_of_office


OF_OURS = "In-Reply-To: <casewire.0193f0c0-0000-7000-8000-000000000001@company.example>\r\n"


@pytest.mark.parametrize(
    ("subject", "text", "disposition"),
    [
        ("Read: [101] Printer", "Your message was read on Monday.", "displayed"),
        ("Gelesen: [101] Drucker", "Ihre Nachricht wurde am Montag gelesen.", "displayed"),
        ("Lu : [101] Imprimante", "Votre message a été lu lundi.", "displayed"),
        ("Not read: [101] Printer", "Your message was deleted without being read.", "deleted"),
        ("Gelöscht: [101] Drucker", "Ihre Nachricht wurde ungelesen gelöscht.", "deleted"),
    ],
)
def test_M10_a_receipt_without_a_report_is_known_by_several_signs(
    subject: str, text: str, disposition: str
) -> None:
    raw = f"From: bob@customer.example\r\nSubject: {subject}\r\n{OF_OURS}\r\n{text}\r\n"
    receipt = parse(raw.encode()).receipt
    assert receipt is not None and receipt.disposition == disposition


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        ("", "Your message was read on Monday."),
        (OF_OURS, "I read it. Please call me."),
        (OF_OURS, "It was read by all of us. " * 200),
    ],
    ids=["no answer", "a letter", "a long letter"],
)
def test_M10_what_a_person_writes_of_reading_is_no_receipt(answers: str, text: str) -> None:
    raw = f"From: bob@customer.example\r\nSubject: Read: the manual\r\n{answers}\r\n{text}\r\n"
    assert parse(raw.encode()).receipt is None


def test_hostile_reports_are_read_in_bounded_time() -> None:
    nasty = (" " * 500_000, "a@" * 300_000, "to: " * 200_000, "(" * 500_000, "5.5.5 " * 100_000)
    for text in nasty:
        raw = f"From: MAILER-DAEMON@x.example\nSubject: failure notice\n\n{text}\n".encode()
        begin = time.process_time()
        parse(raw)
        assert time.process_time() - begin < 5, text[:10]
