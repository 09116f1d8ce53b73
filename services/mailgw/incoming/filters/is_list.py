"""Did it come by a mailing list (RFC 2919, RFC 2369)?"""

from __future__ import annotations

from services.mailgw.model.mail import Mail
from services.mailgw.model.verdict import Verdict

# Newsletters carry List-Unsubscribe too: no person waits for an answer to one.
HEADERS = ("list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list")


def is_list(mail: Mail) -> Verdict:
    """Yes for what went to everybody on a list: a program that answers it answers them all."""
    found = next((name for name in HEADERS if mail.header(name)), "")
    if found:
        return Verdict("is_list", "yes", f"it has a {found.title()}", automatic=True)
    if mail.header("precedence").strip().lower() == "list":
        return Verdict("is_list", "yes", "Precedence: list", automatic=True)
    return Verdict("is_list", "no")
