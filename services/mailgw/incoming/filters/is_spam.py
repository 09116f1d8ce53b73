"""Did a filter of a mail server flag it as spam?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.mailgw.model.mail import Mail
from services.mailgw.model.verdict import Verdict

# SpamAssassin, Rspamd and many appliances; each says yes in its own way.
_FLAGS = (
    *("x-spam-flag", "x-spam", "x-spam-status", "x-spam-yes", "x-bogosity", "x-dspam-result"),
    *("x-barracuda-spam-flag", "x-gmx-antispam-flag", "x-proofpoint-spam-flag", "x-ovh-spam-flag"),
)
# Rspamd tells what it would have the mail server do, or whether its score was reached.
_ACTION = "x-rspamd-action"
_SPAM_ACTIONS = ("add header", "add_header", "rewrite subject", "rewrite_subject", "reject")
_RESULT = re.compile(r"[\w.-]{1,60}\s*:\s*True\b", re.IGNORECASE)
# Proofpoint: rule=spam, beside rule=notspam and others.
_DETAILS = re.compile(r"\brule=(?:\w{1,40}_)?(?:definite)?spam\b", re.IGNORECASE)
_YES = re.compile(r"\s*(?:yes|true|spam)\b", re.IGNORECASE)
# Exchange: a confidence from -1 to 9, of which 5 and more go into the junk folder.
_CONFIDENCE = "x-ms-exchange-organization-scl"
_JUNK_FROM = 5
_REPORTS = ("x-forefront-antispam-report", "x-forefront-antispam-report-untrusted")
_REPORTED = re.compile(r"\bSFV:SPM\b|\bSCL:[5-9]\b")
_SUBJECT = re.compile(r"^\s*(?:\[\W{0,3}spam\W{0,3}\]|\{spam\??\}|\*{2,5}\s?spam\s?\*{2,5})", re.I)


def is_spam(mail: Mail) -> Verdict:
    """Yes by what a filter on its way wrote into it: headers, or a mark before the subject.

    Whoever writes them himself harms his own mail alone.
    """
    why = _why(mail)
    return Verdict("is_spam", "yes" if why else "no", why, spam=bool(why))


def _why(mail: Mail) -> str:
    return next((f"flagged as spam: {found}" for found in _marks(mail) if found), "")


def _marks(mail: Mail) -> Iterator[str]:
    for name in _FLAGS:
        value = mail.header(name)
        if _YES.match(value):
            yield f"{name} says {value[:60]}"
    action = mail.header(_ACTION).strip().lower()
    if action in _SPAM_ACTIONS:
        yield f"Rspamd says {action}"
    if _RESULT.match(mail.header("x-spamd-result")):
        yield "Rspamd's score was reached"
    if _DETAILS.search(mail.header("x-proofpoint-spam-details")[:5000]):
        yield "Proofpoint's rule is spam"
    confidence = mail.header(_CONFIDENCE).strip()
    if confidence.isascii() and confidence.isdigit() and int(confidence[:3]) >= _JUNK_FROM:
        yield f"Exchange is sure of it by {confidence[:3]} of 9"
    for name in _REPORTS:
        found = _REPORTED.search(mail.header(name)[:5000])
        if found:
            yield f"{name} says {found[0]}"
    found = _SUBJECT.match(mail.subject)
    if found:
        yield f"its subject begins with {found[0].strip()}"
