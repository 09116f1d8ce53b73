"""The words that pages use for what became of mails."""

from __future__ import annotations

STATUSES = {
    "stored": "Waiting",
    "filed": "Taken in",
    "own": "Our own",
    "aside": "Set aside",
    "quarantined": "Quarantine",
}
FILINGS = {
    "token": "found by the signed address it was written to",
    "number": "found by the number in its subject",
    "thread": "found by the mail it answers",
    "invitation": "found by the meeting it is about",
    "new": "opened by it",
    "again": "it had come before",
    "report": "found by the mail of ours it reports on",
}
ACTS = {
    "again": "Try again",
    "let_in": "Let in",
    "make_case": "Make a case of it",
    "give_up": "Give up",
}
ACTED = {
    "again": "had it tried again",
    "let_in": "let it in",
    "make_case": "had a case made of it",
    "give_up": "gave it up",
}


def filter_name(code: str) -> str:
    """A filter's name as people read it: "has_case_number" is "has case number"."""
    return code.replace("_", " ")
