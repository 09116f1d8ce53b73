"""Did a filter of a mail server flag it as spam?"""

from __future__ import annotations

import re

from services.mailgw.model.mail import Mail
from services.mailgw.model.verdict import Verdict

# SpamAssassin, Rspamd and many appliances; each says yes in its own way.
_FLAGS = ("x-spam-flag", "x-spam", "x-spam-status", "x-spam-yes", "x-bogosity", "x-dspam-result")
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
    for name in _FLAGS:
        value = mail.header(name)
        if _YES.match(value):
            return f"flagged as spam: {name} says {value[:60]}"
    confidence = mail.header(_CONFIDENCE).strip()
    if confidence.isascii() and confidence.isdigit() and int(confidence[:3]) >= _JUNK_FROM:
        return f"flagged as spam: Exchange is sure of it by {confidence[:3]} of 9"
    for name in _REPORTS:
        found = _REPORTED.search(mail.header(name)[:5000])
        if found:
            return f"flagged as spam: {name} says {found[0]}"
    found = _SUBJECT.match(mail.subject)
    return f"flagged as spam: its subject begins with {found[0].strip()}" if found else ""
