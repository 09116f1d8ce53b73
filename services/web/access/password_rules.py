"""What a password has to be: long, and nothing that guessing begins with (NIST SP 800-63B §5)."""

from __future__ import annotations

from services.contracts.directory import User
from services.web.access.common_passwords import COMMON
from services.web.access.passwords import MAXIMUM_LENGTH, MINIMUM_LENGTH

FEWEST_CHARACTERS = 4
SHORTEST_NAME = 3


def unfit(password: str, *names: str) -> str | None:
    """What is wrong with a password, as the rest of a sentence; None when it will do.

    `names` are those of its user: his login, his name, his mail address.
    """
    if len(password) < MINIMUM_LENGTH:
        return f"is too short; it needs {MINIMUM_LENGTH} characters"
    if len(password) > MAXIMUM_LENGTH:
        return f"is too long; {MAXIMUM_LENGTH} characters are the most"
    if password.casefold() in COMMON:
        return "is one of those that are guessed first; take another"
    if len(set(password)) < FEWEST_CHARACTERS:
        return f"repeats itself; it needs {FEWEST_CHARACTERS} different characters"
    if _is_but_a_name(password, names):
        return "is little more than a name of its user; take another"
    return None


def errors_of(user: User, password: str, repeated: str) -> dict[str, str]:
    """What is wrong with a new password that a user typed twice, by field of the form.

    Each is a sentence without its capital and full stop, as a service refuses something.
    """
    wrong = unfit(password, user.login, user.name, user.address or "")
    if wrong:
        return {"new_password": f"this password {wrong}"}
    return {} if password == repeated else {"repeated": "this is not the same as above"}


def _is_but_a_name(password: str, names: tuple[str, ...]) -> bool:
    """Whether what is left beside the names, and beside digits and signs, is next to nothing."""
    rest = password.casefold()
    words = {word for name in names for word in _words(name) if len(word) >= SHORTEST_NAME}
    if not any(word in rest for word in words):
        return False
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return sum(character.isalpha() for character in rest) < FEWEST_CHARACTERS


def _words(name: str) -> set[str]:
    low = name.casefold()
    split = "".join(c if c.isalnum() else " " for c in low).split()
    return {low, "".join(split), *split}
