"""Did a program send it (RFC 3834, bulk, null sender)?"""

from __future__ import annotations

from services.mailgw.model.mail import Mail
from services.mailgw.model.verdict import Verdict

BULK = frozenset({"bulk", "junk", "auto_reply", "auto-reply"})
PROGRAMS = frozenset(
    {"mailer-daemon", "postmaster", "noreply", "no-reply", "do-not-reply", "donotreply"}
)


def is_automatic(mail: Mail) -> Verdict:
    """Yes for what must never be answered by a program (RFC 3834 §2)."""
    why = _why(mail)
    return Verdict("is_automatic", "yes" if why else "no", why, automatic=bool(why))


def _why(mail: Mail) -> str:
    submitted = mail.header("auto-submitted").partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return f"Auto-Submitted: {submitted[:100]}"
    precedence = mail.header("precedence").strip().lower()
    if precedence in BULK:
        return f"Precedence: {precedence}"
    if mail.header("return-path").replace(" ", "") == "<>":
        return "its sender is null"
    local = mail.sender.address.partition("@")[0].lower()
    if local in PROGRAMS:
        return f"nobody reads what is sent to {local}"
    return "it is a report" if mail.content_type == "multipart/report" else ""
