"""What the gateway itself says in a mail, in the languages it knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from services.contracts.languages import in_language


@dataclass(frozen=True)
class Wording:
    """The words of one language. In braces stands what `str.format` fills in.

    `wrote` stands above a quotation, in the shape in which mail programs look for it;
    `day` and `clock` are formats of `datetime.strftime`. `follow` and `all_cases` lead into the
    partners' portal.
    """

    wrote: str
    day: str
    clock: str
    not_attached: str
    follow: str
    all_cases: str

    def heading(self, author: str, at: datetime) -> str:
        """Who wrote what stands quoted below, and when (UTC)."""
        moment = at.astimezone(UTC)
        name = " ".join(author.split())
        return self.wrote.format(
            author=name, day=moment.strftime(self.day), clock=moment.strftime(self.clock)
        )


ENGLISH = Wording(
    wrote="On {day} at {clock} UTC, {author} wrote:",
    day="%Y-%m-%d",
    clock="%H:%M",
    not_attached="Not attached, for they are too large or gone: {names}",
    follow="Follow your case: {link}",
    all_cases="All your cases: {link}",
)
_KNOWN = {
    "en": ENGLISH,
    "de": Wording(
        wrote="Am {day} um {clock} UTC schrieb {author}:",
        day="%d.%m.%Y",
        clock="%H:%M",
        not_attached="Nicht angehängt, weil zu groß oder nicht mehr vorhanden: {names}",
        follow="Ihr Vorgang im Netz: {link}",
        all_cases="Alle Ihre Vorgänge: {link}",
    ),
    "fr": Wording(
        wrote="Le {day} à {clock} UTC, {author} a écrit :",
        day="%d/%m/%Y",
        clock="%H:%M",
        not_attached="Non joints, car trop volumineux ou disparus : {names}",
        follow="Suivre votre dossier : {link}",
        all_cases="Tous vos dossiers : {link}",
    ),
}


def wording(language: str) -> Wording:
    """The words of a language such as "de" or "de-AT"; English for one that it does not know."""
    return in_language(_KNOWN, language)
