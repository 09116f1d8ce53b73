"""Is it the note of somebody away?"""

from __future__ import annotations

import re

from services.mailgw.model.mail import Mail
from services.mailgw.model.verdict import Verdict

_SUBJECT = re.compile(
    r"^\s*(?:re|aw)?:?\s*(?:out of (?:the )?office|automatic reply"
    r"|auto(?:matische)? ?(?:reply|antwort)|abwesenheits\w*"
    r"|réponse automatique|respuesta automática|risposta automatica)",
    re.IGNORECASE,
)


def is_out_of_office(mail: Mail) -> Verdict:
    """Yes by header (auto-replied, X-Autoreply …) or by the subject mail programs give it."""
    submitted = mail.header("auto-submitted").strip().lower()
    if submitted.startswith("auto-replied"):
        why = "Auto-Submitted: auto-replied"
    elif mail.header("x-autoreply") or mail.header("x-autorespond"):
        why = "it says that it is an automatic reply"
    elif _SUBJECT.match(mail.subject):
        why = "its subject says so"
    else:
        return Verdict("is_out_of_office", "no")
    return Verdict("is_out_of_office", "yes", why, automatic=True, out_of_office=True)
