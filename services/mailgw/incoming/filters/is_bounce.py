"""Did a mail of ours come back (RFC 3464)?"""

from __future__ import annotations

from services.mailgw.model.mail import Mail
from services.mailgw.model.verdict import Verdict


def is_bounce(mail: Mail) -> Verdict:
    """Yes for a report that a mail failed for good; a mere delay is none."""
    if mail.report is None or mail.report.action not in ("failed", ""):
        return Verdict("is_bounce", "no")
    report = mail.report
    return Verdict("is_bounce", "yes", report.why, automatic=True, bounced=report.message_id)
