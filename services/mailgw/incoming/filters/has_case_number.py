"""Does the subject carry the number of a case, as in "Re: AW: [101] Broken printer"?"""

from __future__ import annotations

import re

from services.mailgw.model.mail import Mail
from services.mailgw.model.verdict import Verdict

# Marks that nobody sees: mail programs for text from right to left put them around numbers,
# others let a long subject break there.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
# Input methods for Chinese and Japanese write these for the usual ones.
_BRACKETS = str.maketrans("［］【】〔〕", "[][][]")
# "Re[2]:" counts replies, in any language; "Re [2]:" too, as no case has so small a number.
_COUNTED_REPLY = re.compile(
    r"[^\W\d_]\[\d{1,9}\]\s{0,3}[:：]|[^\W\d_]\s{1,3}\[\d{1,2}\]\s{0,3}[:：]"
)
_NUMBER = re.compile(r"\[\s{0,5}[#＃]?\s{0,5}(\d{1,9})\s{0,5}\]")


def has_case_number(mail: Mail) -> Verdict:
    """The first number in brackets, whatever stands before it, in the digits of any script.

    None has more than nine digits or begins with a zero.
    """
    subject = _UNSEEN.sub("", mail.subject).translate(_BRACKETS)
    for found in _NUMBER.finditer(_COUNTED_REPLY.sub(" ", subject)):
        if int(found[1][0]) > 0:
            number = int(found[1])
            return Verdict("has_case_number", "yes", f"[{number}]", case_number=number)
    return Verdict("has_case_number", "no")
