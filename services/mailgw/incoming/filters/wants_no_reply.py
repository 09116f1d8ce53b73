"""Does its sender want no automatic reply?"""

from __future__ import annotations

from services.mailgw.model.mail import Mail
from services.mailgw.model.verdict import Verdict

# What Exchange and the programs that speak to it ask for ([MS-OXCMAIL] §2.2.3.2.14).
SUPPRESS = "x-auto-response-suppress"


def wants_no_reply(mail: Mail) -> Verdict:
    """Yes where it says so, or where answers would go to nobody; a person may have written it."""
    why = _why(mail)
    return Verdict("wants_no_reply", "yes" if why else "no", why, unanswered=bool(why))


def _why(mail: Mail) -> str:
    asked = mail.header(SUPPRESS).strip()
    if asked and asked.lower() != "none":
        return f"X-Auto-Response-Suppress: {asked[:100]}"
    return "its sender is null" if mail.header("return-path").replace(" ", "") == "<>" else ""
