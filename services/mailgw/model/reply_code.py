"""What the codes of an SMTP server's answers mean (RFC 5321 §4.2, RFC 3463)."""

from __future__ import annotations

import re

WRONG_LOGIN = (530, 534, 535, 538)  # RFC 4954 §6
WRONG_LOGIN_ENHANCED = ("5.7.8", "5.7.9", "5.7.11")
OVER_LIMIT = 552
TOO_MANY_RECIPIENTS = "5.5.3"
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")


def enhanced(answer: str) -> str:
    """The enhanced code that an answer begins with, such as "5.1.1", or an empty text."""
    found = _ENHANCED.match(answer)
    return found[1] if found else ""


def blames_login(code: int, answer: str) -> bool:
    """Whether the server refuses the account, not the mail or its recipient."""
    return code in WRONG_LOGIN or (code >= 500 and enhanced(answer) in WRONG_LOGIN_ENHANCED)


def is_for_later(code: int, answer: str, *, of_recipient: bool = False) -> bool:
    """Whether the same may be taken later: all below 500.

    Also 552 to a recipient, which older servers mean for those beyond what they take at once
    (RFC 5321 §4.5.3.1.10), unless its enhanced code tells of something else, such as a full
    mailbox.
    """
    if of_recipient and code == OVER_LIMIT:
        return enhanced(answer) in ("", TOO_MANY_RECIPIENTS)
    return code < 500
