"""Is it the note of somebody away?"""

from __future__ import annotations

import re

from services.mailgw.model.mail import Mail
from services.mailgw.model.verdict import Verdict

# Those that only such notes carry, whatever their value.
HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-mail-autoreply", "autoresponder")
# Subjects as mail programs make them. A colon has to follow, or nothing: people write about
# offices and automatic replies, too.
_WORDS = (
    r"out[ -]of[ -](?:the[ -])?office(?: auto ?-?reply| reply| notice| message)?",
    r"(?:auto(?:matic|mated)?|vacation|away|holiday)[ -]?(?:reply|response|notice|message)",
    r"autoreply|autoresponse|i am (?:currently )?out of (?:the )?office",
    r"automatische antwort|auto-?antwort|abwesenheits\w*(?: ?notiz)?|abwesend|nicht im büro",
    r"réponse automatique|absence du bureau|message d['’]absence|absent\(?e?\)? du bureau",
    r"respuesta automática|fuera de (?:la )?oficina|ausente de la oficina",
    r"risposta automatica|fuori (?:sede|ufficio)|assente",
    r"automatisch antwoord|automatische reactie|afwezig(?:heid)?(?: ?bericht)?|niet aanwezig",
    r"resposta automática|ausência temporária|fora do escritório",
    r"automatyczna odpowiedź|odpowiedź automatyczna|poza biurem|nieobecność",
    r"autosvar|automatiskt? svar|frånvaro(?:meddelande)?|fravær(?:sbesked)?|ikke til stede",
    r"automaattinen vastaus|poissa toimistosta|poissaolo\w*",
    r"automatická odpověď|mimo kancelář|automatikus válasz|răspuns automat|otomatik yanıt",
    r"автоответ|автоматический ответ|автоматична відповідь|αυτόματη απάντηση",
    r"自動返信|不在(?:通知|連絡)|自动回复|自動回覆|外出自动回复|자동 회신|부재 중",
    r"תגובה אוטומטית|מענה אוטומטי|رد تلقائي",
)
_SUBJECT = re.compile(
    rf"^\s*(?:(?:re|aw|sv)\s?:\s*)?(?:{'|'.join(_WORDS)})\s*(?:[:：]|\(|$|(?:re|aw|fwd?)\s?:)",
    re.IGNORECASE,
)


def is_out_of_office(mail: Mail) -> Verdict:
    """Yes by header (RFC 3834 §5, or older ones), or by the subject mail programs give it."""
    why = _why(mail)
    away = bool(why)
    return Verdict(
        "is_out_of_office", "yes" if away else "no", why, automatic=away, out_of_office=away
    )


def _why(mail: Mail) -> str:
    if mail.report or mail.receipt:
        return ""
    submitted = mail.header("auto-submitted").strip().lower()
    if submitted.startswith(("auto-replied", "auto-reply", "vacation")):
        return f"Auto-Submitted: {submitted[:100]}"
    found = next((name for name in HEADERS if mail.header(name)), "")
    if found:
        return f"it says that it is an automatic reply ({found})"
    if mail.header("precedence").strip().lower() in ("auto_reply", "auto-reply"):
        return "Precedence: auto_reply"
    return "its subject says so" if _SUBJECT.match(mail.subject) else ""
