"""The words that pages use for what became of mails."""

from __future__ import annotations

from services.web.pages.word_table import Words
from services.web.translation import gettext_noop, pgettext_noop

STATUSES = Words(
    {
        "stored": pgettext_noop("a mail", "Waiting"),
        "filed": gettext_noop("Taken in"),
        "own": pgettext_noop("a mail", "Our own"),
        "aside": gettext_noop("Set aside"),
        "quarantined": gettext_noop("Quarantine"),
    }
)
FILINGS = Words(
    {
        "token": gettext_noop("found by the signed address it was written to"),
        "number": gettext_noop("found by the number in its subject"),
        "thread": gettext_noop("found by the mail it answers"),
        "invitation": gettext_noop("found by the meeting it is about"),
        "new": gettext_noop("opened by it"),
        "again": gettext_noop("it had come before"),
        "report": gettext_noop("found by the mail of ours it reports on"),
    }
)
ACTS = Words(
    {
        "again": gettext_noop("Try again"),
        "let_in": gettext_noop("Let in"),
        "make_case": gettext_noop("Make a case of it"),
        "give_up": gettext_noop("Give up"),
    }
)
ACTED = Words(
    {
        "again": gettext_noop("had it tried again"),
        "let_in": gettext_noop("let it in"),
        "make_case": gettext_noop("had a case made of it"),
        "give_up": gettext_noop("gave it up"),
    }
)
FILTERS = Words(
    {
        "has_case_number": gettext_noop("has case number"),
        "has_reply_token": gettext_noop("has reply token"),
        "is_authenticated": gettext_noop("is authenticated"),
        "is_automatic": gettext_noop("is automatic"),
        "is_bounce": gettext_noop("is bounce"),
        "is_list": gettext_noop("is list"),
        "is_out_of_office": gettext_noop("is out of office"),
        "is_own_address": gettext_noop("is own address"),
        "is_receipt": gettext_noop("is receipt"),
        "is_spam": gettext_noop("is spam"),
        "wants_no_reply": gettext_noop("wants no reply"),
    }
)
# What each asks, by its name; as the file of the filter says it.
QUESTIONS = Words(
    {
        "has_case_number": gettext_noop(
            'Does the subject carry the number of a case, as in "Re: AW: [101] Broken printer"?'
        ),
        "has_reply_token": gettext_noop(
            "Was it written to an address that we gave out for answers, "
            "as support+101p…@ours.example?"
        ),
        "is_authenticated": gettext_noop(
            "Did our own mail server find that the mail comes from the domain in its From "
            "(RFC 8601)?"
        ),
        "is_automatic": gettext_noop("Did a program send it (RFC 3834, bulk, null sender)?"),
        "is_bounce": gettext_noop(
            "Is it a report on the delivery of a mail, and did one of ours come back (RFC 3464)?"
        ),
        "is_list": gettext_noop("Did it come by a mailing list (RFC 2919, RFC 2369)?"),
        "is_out_of_office": gettext_noop("Is it the note of somebody away?"),
        "is_own_address": gettext_noop("Did one of our own accounts send it?"),
        "is_receipt": gettext_noop(
            "Does it tell that a mail was read, or deleted unread (RFC 8098)?"
        ),
        "is_spam": gettext_noop("Did a filter of a mail server flag it as spam?"),
        "wants_no_reply": gettext_noop("Does its sender want no automatic reply?"),
    }
)
OUTCOMES = Words(
    {
        "yes": gettext_noop("yes"),
        "no": gettext_noop("no"),
        "not asked": gettext_noop("not asked"),
        "nothing told": gettext_noop("nothing told"),
    }
)


# What a filter says of a mail that it has nothing to do with.
IDLE_OUTCOMES = frozenset({"no", "not asked"})


def filter_name(code: str) -> str:
    """A filter's name as people read it: "has_case_number" is "has case number"."""
    return FILTERS.get(code) or code.replace("_", " ")


def outcome_words(outcome: str) -> str:
    """What a filter said of a mail."""
    return OUTCOMES.get(outcome) or outcome
