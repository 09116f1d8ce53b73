"""What is wrong with a new password, in the language of the page."""

from __future__ import annotations

from services.contracts.directory import User
from services.web.access.password_rules import errors_of
from services.web.pages.refusal_words import as_sentence, refusal_words


def password_errors(user: User, password: str, repeated: str) -> dict[str, str]:
    """A sentence for each field of the form that will not do: "new_password", "repeated"."""
    wrong = errors_of(user, password, repeated)
    return {field: as_sentence(refusal_words(english)) for field, english in wrong.items()}
