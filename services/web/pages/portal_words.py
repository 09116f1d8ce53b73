"""What the partners' portal says, in the languages that a section's mails speak.

The contact reads what the mails to him are written in, not what an agent has chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from babel.dates import format_datetime

from services.contracts.languages import in_language
from services.contracts.portal import PortalState


@dataclass(frozen=True)
class PortalWords:
    """The sentences of one language; in braces stands what `str.format` fills in.

    `day_pattern` and `moment_pattern` are patterns of Unicode TR 35; `faults` are a title and
    a sentence by HTTP status.
    """

    language: str
    day_pattern: str
    moment_pattern: str
    case: str
    cases: str
    opened: str
    you: str
    unconfirmed: str
    nothing: str
    answer: str
    answer_closed: str
    files: str
    files_hint: str
    send: str
    sent_hint: str
    close: str
    close_hint: str
    closed: str
    all_cases: str
    all_cases_hint: str
    all_cases_asked: str
    all_cases_limit: str
    no_cases: str
    capability: str
    needed: str
    too_long: str
    too_large: str
    skip: str
    attachments: str
    states: Mapping[PortalState, str]
    faults: Mapping[int, tuple[str, str]]

    def day(self, moment: datetime) -> str:
        """The day, as the language writes it (UTC)."""
        return format_datetime(moment, self.day_pattern, tzinfo=UTC, locale=self.language)

    def moment(self, moment: datetime) -> str:
        """Day and time, saying that it is UTC: where the reader is nobody knows."""
        local = format_datetime(moment, self.moment_pattern, tzinfo=UTC, locale=self.language)
        return f"{local} UTC"


ENGLISH = PortalWords(
    language="en",
    day_pattern="d MMMM y",
    moment_pattern="d MMMM y, HH:mm",
    case="Case {number}",
    cases="Your cases",
    opened="since {day}",
    you="You",
    unconfirmed="We could not confirm that this mail came from you.",
    nothing="No mails have gone to and fro on this case yet.",
    answer="Your answer",
    answer_closed="Your answer (opens the case again)",
    files="Attach files",
    files_hint="Drop them here or choose them; 25 MB in all.",
    send="Send",
    sent_hint="We get it at once, as if you had answered by mail.",
    close="Close this case",
    close_hint="Is everything settled? You can open it again by writing here.",
    closed="This case is closed. Write below, and we take it up again.",
    all_cases="Mail me a link to all my cases",
    all_cases_hint="It goes to the address that our mails reach you at, and is good for 24 hours.",
    all_cases_asked="A link to all your cases is on its way to your address.",
    all_cases_limit="The newest 100 are shown. Each opens by its own link.",
    no_cases="There are none.",
    capability="Whoever has the link to this page can read it and write here in your name. "
    "Pass it on to nobody else.",
    needed="Write something first.",
    too_long="That is too long. Send it as a file, please.",
    too_large="These files are too large: at most 25 MB in all, and 50 of them. "
    "Your text is kept; please choose the files again.",
    skip="Skip to content",
    attachments="Attachments",
    states={
        "received": "Received",
        "in_work": "We are working on it",
        "waiting": "Waiting",
        "closed": "Closed",
    },
    faults={
        404: (
            "This link does not work any more",
            "It may have ended, or a part of it was lost on the way. The newest mail that you "
            "had from us has a fresh one. Or just answer that mail, or write to the address it "
            "came from.",
        ),
        413: ("That is too large", "At most 25 MB in all. Go back and leave a file out."),
        429: ("Too many tries", "Please wait a while and try again, or answer our mail."),
        503: (
            "Not to be reached just now",
            "Nothing was lost but what you have just sent. Go back, and try again in a minute.",
        ),
    },
)
GERMAN = PortalWords(
    language="de",
    day_pattern="d. MMMM y",
    moment_pattern="d. MMMM y, HH:mm",
    case="Vorgang {number}",
    cases="Ihre Vorgänge",
    opened="seit {day}",
    you="Sie",
    unconfirmed="Wir konnten nicht bestätigen, dass diese Mail von Ihnen kam.",
    nothing="Zu diesem Vorgang gingen noch keine Mails hin und her.",
    answer="Ihre Antwort",
    answer_closed="Ihre Antwort (öffnet den Vorgang wieder)",
    files="Dateien anhängen",
    files_hint="Hier ablegen oder auswählen; zusammen höchstens 25 MB.",
    send="Senden",
    sent_hint="Wir erhalten sie sofort, so als hätten Sie per Mail geantwortet.",
    close="Vorgang schließen",
    close_hint="Ist alles erledigt? Wenn Sie hier schreiben, wird er wieder geöffnet.",
    closed="Dieser Vorgang ist geschlossen. Schreiben Sie unten, so nehmen wir ihn wieder auf.",
    all_cases="Link zu allen meinen Vorgängen per Mail",
    all_cases_hint="Er geht an die Adresse, an die Sie unsere Mails bekommen, und gilt 24 Stunden.",
    all_cases_asked="Ein Link zu allen Ihren Vorgängen ist an Ihre Adresse unterwegs.",
    all_cases_limit="Gezeigt werden die neuesten 100. Jeder hat seinen eigenen Link.",
    no_cases="Es gibt keine.",
    capability="Wer den Link zu dieser Seite hat, kann sie lesen und hier in Ihrem Namen "
    "schreiben. Geben Sie ihn nicht weiter.",
    needed="Schreiben Sie erst etwas.",
    too_long="Das ist zu lang. Senden Sie es bitte als Datei.",
    too_large="Diese Dateien sind zu groß: höchstens 25 MB zusammen und 50 Stück. Ihr Text "
    "steht noch da; wählen Sie die Dateien bitte neu aus.",
    skip="Zum Inhalt",
    attachments="Anhänge",
    states={
        "received": "Eingegangen",
        "in_work": "In Bearbeitung",
        "waiting": "Wartet",
        "closed": "Geschlossen",
    },
    faults={
        404: (
            "Dieser Link gilt nicht mehr",
            "Er ist abgelaufen oder kam nicht vollständig an. In der neuesten Mail von uns steht "
            "ein frischer. Oder antworten Sie einfach auf diese Mail, oder schreiben Sie an die "
            "Adresse, von der sie kam.",
        ),
        413: (
            "Das ist zu groß",
            "Höchstens 25 MB zusammen. Gehen Sie zurück und lassen Sie eine Datei weg.",
        ),
        429: (
            "Zu viele Versuche",
            "Bitte warten Sie eine Weile und versuchen Sie es dann wieder, oder antworten Sie "
            "auf unsere Mail.",
        ),
        503: (
            "Gerade nicht zu erreichen",
            "Verloren ist nur, was Sie eben gesendet haben. Gehen Sie zurück und versuchen Sie "
            "es in einer Minute wieder.",
        ),
    },
)
FRENCH = PortalWords(
    language="fr",
    day_pattern="d MMMM y",
    moment_pattern="d MMMM y, HH:mm",
    case="Dossier {number}",
    cases="Vos dossiers",
    opened="depuis le {day}",
    you="Vous",
    unconfirmed="Nous n'avons pas pu vérifier que ce message vient de vous.",
    nothing="Aucun message n'a encore été échangé sur ce dossier.",
    answer="Votre réponse",
    answer_closed="Votre réponse (rouvre le dossier)",
    files="Joindre des fichiers",
    files_hint="Déposez-les ici ou choisissez-les ; 25 Mo en tout.",
    send="Envoyer",
    sent_hint="Nous la recevons aussitôt, comme une réponse par courriel.",
    close="Clore ce dossier",
    close_hint="Tout est réglé ? Il suffit d'écrire ici pour le rouvrir.",
    closed="Ce dossier est clos. Écrivez ci-dessous et nous le reprendrons.",
    all_cases="Recevoir un lien vers tous mes dossiers",
    all_cases_hint="Il est envoyé à l'adresse où vous recevez nos messages et vaut 24 heures.",
    all_cases_asked="Un lien vers tous vos dossiers est en route vers votre adresse.",
    all_cases_limit="Les 100 plus récents sont affichés. Chacun a son propre lien.",
    no_cases="Il n'y en a pas.",
    capability="Quiconque possède le lien de cette page peut la lire et écrire ici en votre nom. "
    "Ne le transmettez à personne.",
    needed="Écrivez d'abord quelque chose.",
    too_long="C'est trop long. Envoyez-le comme fichier, s'il vous plaît.",
    too_large="Ces fichiers sont trop volumineux : 25 Mo en tout et 50 fichiers au plus. Votre "
    "texte est conservé ; choisissez de nouveau les fichiers.",
    skip="Aller au contenu",
    attachments="Pièces jointes",
    states={
        "received": "Reçu",
        "in_work": "En cours de traitement",
        "waiting": "En attente",
        "closed": "Clos",
    },
    faults={
        404: (
            "Ce lien n'est plus valable",
            "Il a expiré, ou une partie s'est perdue en route. Notre dernier message en contient "
            "un nouveau. Vous pouvez aussi répondre à ce message ou écrire à l'adresse dont il "
            "vient.",
        ),
        413: (
            "C'est trop volumineux",
            "25 Mo en tout au plus. Revenez en arrière et retirez un fichier.",
        ),
        429: (
            "Trop d'essais",
            "Attendez un peu avant de réessayer, ou répondez à notre message.",
        ),
        503: (
            "Injoignable pour l'instant",
            "Seul ce que vous venez d'envoyer est perdu. Revenez en arrière et réessayez dans "
            "une minute.",
        ),
    },
)
KNOWN = {one.language: one for one in (ENGLISH, GERMAN, FRENCH)}


def portal_words(language: str) -> PortalWords:
    """The sentences of a language such as "de" or "de-AT"; English for one that we do not know."""
    return in_language(KNOWN, language)
