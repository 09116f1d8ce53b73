"""Which mails make no case and disturb nobody: the table of docs/decisions/0010."""

from __future__ import annotations

from services.cases.model.receipt import receipt_words
from services.contracts.cases import CaseSnapshot
from services.contracts.mail import MailReceivedData


def why_set_aside(mail: MailReceivedData, case: CaseSnapshot | None) -> str:
    """Why the mail is put on no case, in words; empty for one that is.

    `case` is the one that it belongs to, if any. What an operator wants a case of gets one.
    """
    if case is not None or mail.forced:
        return ""
    if mail.returned:
        return "it is a delivery report about no mail of ours"
    if mail.receipt:
        return f"it {receipt_words(mail.disposition)}, and belongs to no case"
    if mail.out_of_office:
        return "it is the note of somebody away, and belongs to no case"
    return ""
