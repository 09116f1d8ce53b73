"""The words for sign-ins: what happened, by what proof, and with what program."""

from __future__ import annotations

from services.web.access import sessions
from services.web.pages.known_sentences import KnownSentences
from services.web.pages.word_table import Words
from services.web.translation import gettext_noop

# In the order of `sign_in_log.EVENTS`.
HAPPENED = Words(
    {
        "signed_in": gettext_noop("Signed in"),
        "token_made": gettext_noop("Token made"),
        "wrong_password": gettext_noop("Wrong name or password"),
        "code_wanted": gettext_noop("Password right, code asked"),
        "wrong_code": gettext_noop("Wrong code"),
        "recovery_code": gettext_noop("Recovery code used"),
        "locked": gettext_noop("Turned away: too many failed tries"),
        "single_sign_on": gettext_noop("Signed in by single sign-on"),
        "single_sign_on_refused": gettext_noop("Single sign-on refused"),
        "signed_out": gettext_noop("Signed out"),
        "session_ended": gettext_noop("Session ended"),
        "sessions_ended": gettext_noop("All other sessions ended"),
        "password_changed": gettext_noop("Password changed"),
        "reset_asked": gettext_noop("New password asked by mail"),
        "password_reset": gettext_noop("Password set by a link"),
        "two_factor_on": gettext_noop("Second factor turned on"),
        "two_factor_off": gettext_noop("Second factor turned off"),
        "two_factor_reset": gettext_noop("Second factor reset by an administrator"),
        "unlocked": gettext_noop("Unlocked by an administrator"),
    }
)
PROOFS = Words(
    {
        sessions.PASSWORD: gettext_noop("password"),
        sessions.WITH_CODE: gettext_noop("password and code"),
        sessions.WITH_RECOVERY_CODE: gettext_noop("password, recovery code"),
        sessions.SINGLE_SIGN_ON: gettext_noop("single sign-on"),
    }
)
# As `visitor.program_words` writes them.
_PROGRAMS = KnownSentences(
    (gettext_noop("%(browser)s on %(system)s"), gettext_noop("an unknown program"))
)


def program(kept: str) -> str:
    """The program of a session or try as it was noted: "Firefox on Linux"."""
    return _PROGRAMS.told(kept)
