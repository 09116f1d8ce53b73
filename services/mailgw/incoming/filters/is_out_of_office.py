"""Is it the note of somebody away?"""

from __future__ import annotations

from services.mailgw.model.absence_words import (
    AWAY,
    BEFORE_AN_ANSWER,
    CERTAIN_SUBJECT,
    DOUBTFUL_SUBJECT,
)
from services.mailgw.model.mail import Mail
from services.mailgw.model.verdict import Verdict

# Those that only such notes carry, whatever their value.
HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-mail-autoreply", "autoresponder")
LOOKED_THROUGH = 2_000  # characters of a text; such notes are short


def is_out_of_office(mail: Mail) -> Verdict:
    """Yes by header (RFC 3834 §5, or older ones), or by the subject mail programs give it.

    A letter taken for such a note would be lost on us, a note taken for a letter is but a
    nuisance: words that people use, too, count with a second sign only.
    """
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
    if CERTAIN_SUBJECT.match(mail.subject):
        return "its subject says so"
    words = DOUBTFUL_SUBJECT.match(mail.subject)
    sign = _second_sign(mail, mail.subject[words.end() :]) if words else ""
    return f"its subject says so, and {sign}" if sign else ""


def _second_sign(mail: Mail, behind: str) -> str:
    """What else shows that no person wrote it; `behind` are the words behind those of absence."""
    if mail.header("return-path").replace(" ", "") == "<>":
        return "its sender is null"
    if mail.header("x-auto-response-suppress"):
        return "it wants no automatic answer"
    if mail.header("precedence").strip().lower() in ("bulk", "junk"):
        return "it says that it is bulk mail"
    if BEFORE_AN_ANSWER.match(behind):
        return "it stands before the subject that it answers"
    answers = mail.in_reply_to or mail.references
    if answers and AWAY.search(mail.text[:LOOKED_THROUGH]):
        return "it answers a mail by telling of an absence"
    return ""
