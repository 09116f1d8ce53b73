"""Tables of words that read in the language of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from services.web.translation import InContext, gettext, language, pgettext


class Words(Mapping[str, str]):
    """From a code to what people read for it; each is looked up when it is asked for.

    The texts are marked by `gettext_noop` or `pgettext_noop`, so that catalogues have them.
    """

    def __init__(self, texts: Mapping[str, str | InContext]) -> None:
        self._texts = dict(texts)
        self._told: dict[tuple[str, str], str] = {}  # a list asks for the same few all the time

    def __getitem__(self, code: str) -> str:
        key = code, language()
        if key not in self._told:
            text = self._texts[code]
            self._told[key] = pgettext(*text) if isinstance(text, InContext) else gettext(text)
        return self._told[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __contains__(self, code: object) -> bool:
        return code in self._texts

    def __or__(self, more: Words) -> Words:
        """Both tables, this one first."""
        return Words(self._texts | more._texts)
