"""What the mail with the link for a new password says, in the languages that mails speak."""

from __future__ import annotations

from dataclasses import dataclass

from services.contracts.languages import in_language


@dataclass(frozen=True)
class ResetWords:
    """In braces stands what `str.format` fills in: name, link, minutes, program, address."""

    subject: str
    text: str


_KNOWN = {
    "en": ResetWords(
        subject="A new password for Casewire",
        text=(
            "Hello {name},\n\n"
            "a new password was asked for your account ({program}, address {address}). "
            "Set it here; the link works once, within {minutes} minutes:\n\n"
            "{link}\n\n"
            "If it was not you, do nothing: your password stays as it is.\n"
        ),
    ),
    "de": ResetWords(
        subject="Ein neues Passwort für Casewire",
        text=(
            "Guten Tag {name},\n\n"
            "für Ihr Konto wurde ein neues Passwort angefordert ({program}, Adresse {address}). "
            "Setzen Sie es hier; der Link gilt einmal und {minutes} Minuten lang:\n\n"
            "{link}\n\n"
            "Waren Sie es nicht, so ist nichts zu tun: Ihr Passwort bleibt, wie es ist.\n"
        ),
    ),
    "fr": ResetWords(
        subject="Un nouveau mot de passe pour Casewire",
        text=(
            "Bonjour {name},\n\n"
            "un nouveau mot de passe a été demandé pour votre compte "
            "({program}, adresse {address}). Choisissez-le ici ; le lien sert une seule fois, "
            "pendant {minutes} minutes :\n\n"
            "{link}\n\n"
            "Si ce n'était pas vous, ne faites rien : votre mot de passe reste le même.\n"
        ),
    ),
}


def reset_words(language: str) -> ResetWords:
    """The words of a language such as "de" or "de-AT"; English for one that we do not know."""
    return in_language(_KNOWN, language)
