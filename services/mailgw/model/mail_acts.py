"""What an operator may do with a mail that came in."""

from __future__ import annotations

from services.contracts.mail_lists import MailAct


def possible_acts(status: str, filed: str | None, judged: bool) -> tuple[MailAct, ...]:
    """The acts that are open for a mail of this status (of raw_mails).

    What is in quarantine though the filters judged it was held back by them; the rest could
    not be read.
    """
    if status == "quarantined":
        return ("let_in",) if judged else ("again",)
    return ("make_case",) if status == "published" and filed == "aside" else ()
