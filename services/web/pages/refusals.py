"""The sentences by which services refuse something on a page, for the catalogues to have them.

A service's sentence with values in it stands here with places for these; `%(x)s` takes any text.
Sentences that only programs or operators get are not here. A place is never translated.
"""

from __future__ import annotations

from services.web.pages.known_sentences import KnownSentences
from services.web.pages.word_table import Words
from services.web.translation import gettext_noop, pgettext_noop

# What a NotFound or StaleVersion tells of.
THINGS = Words(
    {
        one.text: one
        for one in (
            pgettext_noop("within a sentence", "case"),
            pgettext_noop("within a sentence", "partner"),
            pgettext_noop("within a sentence", "section"),
            pgettext_noop("within a sentence", "user"),
            pgettext_noop("within a sentence", "category"),
            pgettext_noop("within a sentence", "partner category"),
            pgettext_noop("within a sentence", "kind"),
            pgettext_noop("within a sentence", "rule"),
            pgettext_noop("within a sentence", "template"),
            pgettext_noop("within a sentence", "calendar"),
            pgettext_noop("within a sentence", "mail"),
            pgettext_noop("within a sentence", "message"),
            pgettext_noop("within a sentence", "attachment"),
            pgettext_noop("within a sentence", "file"),
            pgettext_noop("within a sentence", "quality action"),
            pgettext_noop("within a sentence", "saved filter"),
            pgettext_noop("within a sentence", "webhook"),
            pgettext_noop("within a sentence", "delivery"),
        )
    }
)
SENTENCES = KnownSentences(
    (
        # of any field
        gettext_noop("must not be empty"),
        gettext_noop("choose one of the buttons"),
        gettext_noop("at most %(number)s characters"),
        gettext_noop("at most %(number)s files"),
        gettext_noop("at most 25 MB in all; send a link to what is larger"),
        gettext_noop("must be one of %(choices)s"),
        gettext_noop("there is none with the number %(number)s"),
        gettext_noop("there is no %(what)s %(key)s"),
        gettext_noop("there is no %(what)s called %(name)s"),
        gettext_noop("%(number)s are called %(name)s; give %(field)s"),
        gettext_noop("%(name)s is not active any more; name another"),
        gettext_noop("%(name)s is not active; name another"),
        gettext_noop("%(name)s is not in use any more; name another"),
        gettext_noop("%(address)s is no mail address"),
        gettext_noop("%(name)s is no time zone; name one such as Europe/Brussels"),
        gettext_noop("search for at most %(number)s characters"),
        gettext_noop("search for at most %(number)s words"),
        gettext_noop("give the version that you read and changed"),
        gettext_noop("give the version that you read, so that nothing is lost"),
        gettext_noop("give the `next` of the page before, as it was"),
        # of cases
        gettext_noop("say in a few words what the case is about"),
        gettext_noop("the case has no contact to reply to; give it one, or write a note"),
        gettext_noop("give another case; a case is not linked to itself"),
        gettext_noop("give another case; a case is not merged into itself"),
        gettext_noop("case %(case)s was merged into case %(into)s; go on with case %(again)s"),
        gettext_noop("case %(case)s has no start; give it one first"),
        gettext_noop("case %(case)s has no message %(message)s; give one it has"),
        gettext_noop("a series needs the start of its first meeting"),
        gettext_noop(
            "its first meeting is not at the start; let the case start on a day of the rule"
        ),
        gettext_noop("the series has no meeting then; read the calendar again"),
        gettext_noop("one meeting of a series is of whole days if all are"),
        gettext_noop("give a day from the year %(first)s to %(last)s"),
        gettext_noop("say what is to be done"),
        gettext_noop("there is no active user with the number %(number)s"),
        gettext_noop("give at most %(number)s tags; these are %(given)s"),
        gettext_noop("a tag has 1 to %(number)s characters; %(tag)s does not"),
        gettext_noop("a tag has no comma; give %(tag)s as several tags"),
        gettext_noop("a tag has letters, digits and signs only; %(tag)s does not"),
        # of the directory
        gettext_noop("%(login)s belongs to another user"),
        gettext_noop("%(address)s is the address of %(name)s"),
        gettext_noop("nobody stands in for himself; name somebody else"),
        gettext_noop("must not be before the first day of absence"),
        gettext_noop("give the reply address that they are made of"),
        gettext_noop("a section cannot escalate to itself"),
        gettext_noop("a section cannot lie below itself"),
        gettext_noop("there is a section %(name)s already"),
        gettext_noop("%(language)s is no language; give a code such as en or pt-BR"),
        gettext_noop("%(address)s is given twice"),
        gettext_noop("%(address)s belongs to partner %(name)s"),
        gettext_noop("there is a category %(name)s already"),
        gettext_noop("%(name)s lies below this category or is it; choose another place"),
        gettext_noop("there is a kind %(name)s with it; choose another"),
        gettext_noop("%(kind)s is what a case is when nobody says; it has to stay"),
        gettext_noop("give the texts to choose from, at least one"),
        gettext_noop("there can be %(number)s at most"),
        gettext_noop("each must be another"),
        gettext_noop("%(code)s is given twice; choose another"),
        gettext_noop("only a choice has choices, and this is a %(type)s"),
        gettext_noop("there is a template %(name)s already"),
        gettext_noop("line %(line)s of the template: %(problem)s"),
        gettext_noop("the template cannot be read: %(problem)s"),
        gettext_noop("the template cannot be filled in: %(problem)s"),
        # of rules and calendars
        gettext_noop("give the rule a name"),
        gettext_noop("give it a name of one line"),
        gettext_noop("rule %(number)s has this name; choose another"),
        gettext_noop("say what to do, or let the rule stop later ones"),
        gettext_noop("it counts from a date: choose one, or leave the delay out"),
        gettext_noop("it counts from a date: choose one, or leave the calendar out"),
        gettext_noop("give a text to look for, or leave it out"),
        gettext_noop("say to whom, or choose another way of finding somebody"),
        gettext_noop("write the note"),
        gettext_noop("give one tag or more, at most %(number)s"),
        gettext_noop("give at least one address"),
        gettext_noop("a tag has 1 to %(number)s characters and no comma, unlike %(tag)s"),
        gettext_noop("write it, or name a template"),
        gettext_noop("there is no rule %(number)s; read the rules again"),
        gettext_noop("give the calendar a name"),
        gettext_noop("calendar %(number)s has this name; choose another"),
        gettext_noop("%(name)s is none; write one such as Europe/Berlin"),
        gettext_noop("give working hours on one weekday at least"),
        gettext_noop("nobody works in the next five years; take some of them away"),
        # of mails and their accounts
        gettext_noop("it is not in quarantine for being unreadable; look at it again"),
        gettext_noop("it is not held back by a filter; look at it again"),
        gettext_noop("it is not set aside; look at it again"),
        gettext_noop("it has no recipient that is a mail address"),
        gettext_noop("it has been given up"),
        gettext_noop("it has been sent"),
        gettext_noop("it is being sent just now; look at it again in a moment"),
        gettext_noop("its order cannot be read; nothing can be done"),
        gettext_noop("another %(direction)s account has the name %(name)s"),
        gettext_noop("there is no outgoing account %(name)s: add it first"),
        gettext_noop("%(name)s is answered by it: choose another one there first"),
        gettext_noop("the %(what)s has changed: give the %(secret)s again"),
        gettext_noop("give an address that begins with https://"),
        gettext_noop("POP3 moves no mails: leave them, or delete them"),
        gettext_noop("name the folder that fetched mails are moved to"),
        gettext_noop("choose another folder than the one that is fetched"),
        gettext_noop("signing in by OAuth2 needs it"),
        # of lists and reports
        gettext_noop("must not be before date_from, which is %(day)s"),
        gettext_noop("must lie in the years %(first)s to %(last)s"),
        gettext_noop("give it a name"),
        gettext_noop("give it a name of at most %(number)s characters"),
        gettext_noop("there is a filter %(name)s already; take another name"),
        gettext_noop("you have %(number)s already; delete one first"),
        gettext_noop("you have %(number)s already; end one first"),
        gettext_noop("only a manager may save a filter for all"),
        # of webhooks
        gettext_noop("there are %(number)s already; delete one first"),
        gettext_noop("choose one or more"),
        gettext_noop("give an address such as https://example.com/hook"),
        gettext_noop("give an address of at most %(number)s characters of ASCII"),
        gettext_noop("leave name and password out of the address: deliveries are signed"),
        gettext_noop("leave out what follows the #: it is never sent"),
        gettext_noop("it has to begin with https://"),
        gettext_noop("%(address)s is no public address; WEB_WEBHOOK_NETWORKS can allow it"),
        gettext_noop("switch the webhook on first"),
        gettext_noop("it is being sent just now; look again in a minute"),
        gettext_noop("it waited for too long while the webhook rested or was switched off"),
        gettext_noop(
            "its secret cannot be read any more, as the web key has changed: renew the secret"
        ),
        gettext_noop("it answers %(status)s: give the address that it leads to"),
        gettext_noop("it answers %(status)s"),
        gettext_noop("its host's name is not known"),
        gettext_noop("it did not answer within %(number)s seconds"),
        gettext_noop("it took no connection within %(number)s seconds"),
        gettext_noop("it shows no certificate to trust"),
        gettext_noop("its address cannot be used"),
        gettext_noop("it cannot be reached, or hung up without an answer"),
    )
)
