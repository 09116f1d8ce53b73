"""Does the subject carry the number of a case, as in "Re: AW: [101] Broken printer"?"""

from __future__ import annotations

import re

from services.mailgw.model.mail import Mail
from services.mailgw.model.verdict import Verdict

# "Re[2]:" counts replies; its number is none of ours.
_COUNTED_REPLY = re.compile(r"\b(?:re|aw|fwd?|wg)\s?\[[0-9]+\]\s?:", re.IGNORECASE)
_NUMBER = re.compile(r"\[\s?([1-9][0-9]{0,8})\s?\]")


def has_case_number(mail: Mail) -> Verdict:
    """The first number in brackets, whatever stands before it."""
    found = _NUMBER.search(_COUNTED_REPLY.sub("", mail.subject))
    if found is None:
        return Verdict("has_case_number", "no")
    return Verdict("has_case_number", "yes", found[0], case_number=int(found[1]))
