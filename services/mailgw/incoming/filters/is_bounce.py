"""Is it a report on the delivery of a mail, and did one of ours come back (RFC 3464)?"""

from __future__ import annotations

from services.mailgw.model.mail import Mail
from services.mailgw.model.verdict import Verdict


def is_bounce(mail: Mail) -> Verdict:
    """Yes for a report that a mail failed for good; a mere delay comes back as no failure."""
    report = mail.report
    if report is None:
        return Verdict("is_bounce", "no")
    if report.action != "failed":
        told = f"{report.message_id or 'a mail'}: {report.action}; {report.why}".rstrip("; ")
        return Verdict("is_bounce", report.action, told, automatic=True, reported=True)
    why = report.why or "no reason is given"
    bounced = report.message_id or None
    return Verdict("is_bounce", "yes", why, automatic=True, bounced=bounced, reported=True)
