"""The reasons that services write into histories, for the catalogues to have them."""

from __future__ import annotations

from services.web.pages.known_sentences import KnownSentences
from services.web.translation import pgettext_noop

REASONS = KnownSentences(
    (
        # what held, as rules say it
        pgettext_noop("a reason", "it was created as %(state)s"),
        pgettext_noop("a reason", "it went from %(before)s to %(after)s"),
        pgettext_noop("a reason", "it is %(state)s"),
        pgettext_noop("a reason", "it is %(state)s and came there new"),
        pgettext_noop("a reason", "it is %(state)s and came there from %(before)s"),
        pgettext_noop("a reason", "its section is %(section)s"),
        pgettext_noop("a reason", "its section %(section)s lies within %(upper)s"),
        pgettext_noop("a reason", "its category is %(category)s"),
        pgettext_noop("a reason", "its responsible is %(name)s"),
        pgettext_noop("a reason", "its priority is %(priority)s"),
        pgettext_noop("a reason", "its partner is %(name)s"),
        pgettext_noop("a reason", "its partner %(name)s is in category %(category)s"),
        pgettext_noop("a reason", "it is a case of kind %(kind)s"),
        pgettext_noop("a reason", "its subject contains “%(text)s”"),
        pgettext_noop("a reason", "it has the tag %(tag)s"),
        pgettext_noop("a reason", "its %(field)s is %(value)s"),
        pgettext_noop("a reason", "it has been %(state)s for %(distance)s"),
        pgettext_noop("a reason", "it is the time of its creation"),
        pgettext_noop("a reason", "it is the time of the last action on it"),
        pgettext_noop("a reason", "it is the time of its deadline"),
        pgettext_noop("a reason", "it is the time of its response deadline"),
        pgettext_noop("a reason", "it is the time of its start"),
        pgettext_noop("a reason", "it is %(distance)s after its creation"),
        pgettext_noop("a reason", "it is %(distance)s after the last action on it"),
        pgettext_noop("a reason", "it is %(distance)s after its deadline"),
        pgettext_noop("a reason", "it is %(distance)s after its response deadline"),
        pgettext_noop("a reason", "it is %(distance)s after its start"),
        pgettext_noop("a reason", "it is %(distance)s before its deadline"),
        pgettext_noop("a reason", "it is %(distance)s before its response deadline"),
        pgettext_noop("a reason", "it is %(distance)s before its start"),
        # what was done
        pgettext_noop("a reason", "reminded %(addresses)s"),
        pgettext_noop("a reason", "mailed %(addresses)s"),
        # what could not be done
        pgettext_noop("a reason", "reminded nobody: the case has no responsible with an address"),
        pgettext_noop("a reason", "reminded nobody: the case has no partner with an address"),
        pgettext_noop("a reason", "mailed nobody: the case has no responsible with an address"),
        pgettext_noop("a reason", "mailed nobody: the case has no partner with an address"),
        pgettext_noop("a reason", "mailed nobody: the case has no watchers with an address"),
        pgettext_noop("a reason", "there is no template %(number)s"),
        pgettext_noop("a reason", "the template “%(name)s” is retired"),
        pgettext_noop("a reason", "a %(before)s case cannot become %(after)s"),
        pgettext_noop("a reason", "its section escalates to none; set one in the section"),
        pgettext_noop("a reason", "the rule could not tell a moment; look at its working calendar"),
        pgettext_noop("a reason", "nobody found to assign to (%(way)s)"),
        pgettext_noop("a reason", "%(name)s is away and has no stand-in"),
        pgettext_noop("a reason", "everybody in the row of stand-ins is away"),
        # of grades of suppliers
        pgettext_noop("a reason", "1 case: all limits of the best grade are kept"),
        pgettext_noop("a reason", "%(count)s cases: all limits of the best grade are kept"),
        pgettext_noop("a reason", "1 case, where %(grade)s allows %(most)s"),
        pgettext_noop("a reason", "%(count)s cases, where %(grade)s allows %(most)s"),
        pgettext_noop("a reason", "a cost of %(amount)s, where %(grade)s allows %(most)s"),
        pgettext_noop(
            "a reason",
            "%(hours)s to the first answer on average, where %(grade)s allows %(most)s",
        ),
        # of changes that no rule made
        pgettext_noop("a reason", "mail from %(address)s"),
        pgettext_noop("a reason", "case [%(number)s] was merged into it"),
        pgettext_noop("a reason", "case [%(number)s] was merged into case [%(into)s]"),
        pgettext_noop("a reason", "merged into case [%(number)s]"),
        pgettext_noop("a reason", "linked to closed case [%(number)s]"),
        pgettext_noop("a reason", "message %(entry)s of case [%(number)s]"),
        pgettext_noop("a reason", "message %(entry)s of case [%(number)s] became case [%(new)s]"),
        pgettext_noop("a reason", "from here on apart from the series of case [%(number)s]"),
    )
)
