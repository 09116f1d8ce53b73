"""Why somebody is not let in, where HTTP's own words do not say what to do."""

from __future__ import annotations

from datetime import datetime

from werkzeug.exceptions import Forbidden, HTTPException, TooManyRequests, Unauthorized


class Refusal(HTTPException):
    """Its `detail` says what to do."""

    detail = ""


class WrongPassword(Refusal, Unauthorized):
    """The name or the password is wrong; which of them, nobody is told."""

    detail = "The name or the password is wrong."


class CodeWanted(Refusal, Unauthorized):
    """The password is right, and a second factor is asked."""

    detail = "The password is right; give the code of your second factor as well, as `code`."


class WrongCode(Refusal, Unauthorized):
    """The code is wrong, or was taken before."""

    detail = "The code is wrong or was used already; wait for the next one."


class CodeUnreadable(Refusal, Unauthorized):
    """The web key has changed since the second factor was set up."""

    detail = "Codes cannot be checked at present; give a recovery code, or ask an administrator."


class TriesBlocked(Refusal, TooManyRequests):
    """Too many failed tries: the next one has to wait."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__(retry_after=again_at)
        self.detail = f"Too many failed tries; try again at {again_at:%Y-%m-%dT%H:%M:%SZ}."


class SecondFactorOwed(Refusal, Forbidden):
    """His role has to have a second factor, and he has set up none."""

    detail = "Your role needs a second factor: sign in at the web pages and set it up first."
