"""What we say in mails of our own accord, in the languages we know.

A section's mails speak its language, those to our own people the language of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.cases.model.thread import Standing
from services.contracts.cases import State
from services.contracts.languages import in_language


@dataclass(frozen=True)
class Phrases:
    """The sentences of one language; `language` is its code of ISO 639.

    In braces stands what `str.format` fills in. `unverified` and `forged` follow the name of
    somebody whom we are not sure of, in brackets.
    """

    language: str
    wrote: str
    wrote_on_case: str
    unverified: str
    forged: str
    yours_now: str
    in_copy: str
    case: str
    note: str
    reminder: str
    all_cases_subject: str
    all_cases: str
    states: Mapping[State, str]

    def named(self, name: str, standing: Standing | None) -> str:
        """The name of who wrote, with the doubt that there is about him."""
        if standing is None or standing.verified:
            return name
        return f"{name} ({self.forged if standing.authentication == 'fail' else self.unverified})"


ENGLISH = Phrases(
    language="en",
    wrote="{name} wrote:",
    wrote_on_case="{name} wrote on case [{number}]:",
    unverified="unverified: the sender did not answer a mail of ours",
    forged="unverified: our mail server found that it does not come from whom it says",
    yours_now="This case is yours now. Your answer to this mail goes to the partner.",
    in_copy="You were put in copy of this case. Your answer goes to the partner.",
    case="Case [{number}] {subject}",
    note="internal note",
    reminder="A reminder of case [{number}] {subject}, which is {state}.",
    all_cases_subject="Your cases",
    all_cases=(
        "Somebody who follows this case, most likely you, asked for a link to all your cases with"
        " us. It stands below and is good for 24 hours. If it was not you, you need do nothing."
    ),
    states={
        "draft": "draft",
        "open": "open",
        "pending": "pending",
        "done": "done",
        "cancelled": "cancelled",
    },
)
GERMAN = Phrases(
    language="de",
    wrote="{name} schrieb:",
    wrote_on_case="{name} schrieb zu Vorgang [{number}]:",
    unverified="nicht bestätigt: der Absender hat auf keine Mail von uns geantwortet",
    forged="nicht bestätigt: laut unserem Mailserver kommt die Mail nicht vom genannten Absender",
    yours_now=(
        "Dieser Vorgang gehört jetzt Ihnen. Ihre Antwort auf diese Mail geht an den Partner."
    ),
    in_copy="Sie wurden bei diesem Vorgang in Kopie gesetzt. Ihre Antwort geht an den Partner.",
    case="Vorgang [{number}] {subject}",
    note="interne Notiz",
    reminder="Eine Erinnerung an Vorgang [{number}] {subject}; sein Stand: {state}.",
    all_cases_subject="Ihre Vorgänge",
    all_cases=(
        "Jemand, der diesen Vorgang verfolgt, vermutlich Sie selbst, hat einen Link zu allen Ihren"
        " Vorgängen bei uns verlangt. Er steht unten und gilt 24 Stunden. Waren Sie es nicht, so"
        " brauchen Sie nichts zu tun."
    ),
    states={
        "draft": "noch nicht angenommen",
        "open": "offen",
        "pending": "wartet",
        "done": "erledigt",
        "cancelled": "abgebrochen",
    },
)
FRENCH = Phrases(
    language="fr",
    wrote="{name} a écrit :",
    wrote_on_case="{name} a écrit au sujet du dossier [{number}] :",
    unverified="non vérifié : l'expéditeur n'a répondu à aucun de nos messages",
    forged="non vérifié : selon notre serveur, le message ne vient pas de l'expéditeur indiqué",
    yours_now=(
        "Ce dossier est maintenant le vôtre. Votre réponse à ce message est envoyée au partenaire."
    ),
    in_copy="Vous êtes en copie de ce dossier. Votre réponse est envoyée au partenaire.",
    case="Dossier [{number}] {subject}",
    note="note interne",
    reminder="Rappel du dossier [{number}] {subject} ; son état : {state}.",
    all_cases_subject="Vos dossiers",
    all_cases=(
        "Quelqu'un qui suit ce dossier, sans doute vous-même, a demandé un lien vers tous vos"
        " dossiers chez nous. Il se trouve ci-dessous et reste valable 24 heures. Si ce n'était"
        " pas vous, vous n'avez rien à faire."
    ),
    states={
        "draft": "pas encore pris en charge",
        "open": "ouvert",
        "pending": "en attente",
        "done": "terminé",
        "cancelled": "annulé",
    },
)
_KNOWN = {one.language: one for one in (ENGLISH, GERMAN, FRENCH)}


def phrases(language: str) -> Phrases:
    """The sentences of a language such as "de" or "de-AT"; English for one that we do not know."""
    return in_language(_KNOWN, language)
