"""The catalogues of translations, read from the .po files that people edit."""

from __future__ import annotations

import io
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("en", "de", "fr")
DIRECTORY = Path(__file__).parent / "translations"


def catalogue_file(language: str) -> Path:
    """Where the catalogue of a language is."""
    return DIRECTORY / language / "LC_MESSAGES" / "messages.po"


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> NullTranslations:
    """The texts of a language; those of English are what stands in the code.

    Raises OSError or babel's PoFileError where the file cannot be read.
    """
    if language == "en":
        return NullTranslations()
    with catalogue_file(language).open("rb") as file:
        read = read_po(file, locale=language, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return GNUTranslations(compiled)
