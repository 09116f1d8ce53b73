"""Reading what a person put into a form, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation

from werkzeug.datastructures import MultiDict

from services.contracts.case_commands import FIRST_YEAR, LAST_YEAR
from services.contracts.errors import InvalidRequest
from services.web.access.gate import BIGGEST_NUMBER
from services.web.pages.refusal_words import refusal_words
from services.web.translation import gettext

LONGEST_TEXT = 1_000_000


class Form:
    """The values of a posted form; `errors` holds a sentence for each field that will not do.

    A reading answers None both for an empty field and for a wrong one.
    """

    def __init__(self, given: MultiDict[str, str]) -> None:
        self.given = given
        self.errors: dict[str, str] = {}

    def has(self, name: str) -> bool:
        """Whether the form had such a field at all."""
        return name in self.given

    def text(self, name: str, *, required: bool = False, longest: int = LONGEST_TEXT) -> str | None:
        """A text without blanks around it and characters that no database keeps."""
        text = self.given.get(name, "").replace("\0", "").replace("\r\n", "\n").strip()
        if required and not text:
            self.errors[name] = gettext("This is needed.")
        if len(text) > longest:
            self.errors[name] = gettext("At most %(number)s characters.", number=longest)
        return text or None

    def number(self, name: str, low: int = 0, high: int = BIGGEST_NUMBER) -> int | None:
        """A whole number."""
        text = self.text(name)
        if text is None:
            return None
        try:
            value = int(text)
        except ValueError:
            self.errors[name] = gettext("A whole number, please.")
            return None
        if not low <= value <= high:
            self.errors[name] = gettext(
                "A number from %(low)s to %(high)s, please.", low=low, high=high
            )
            return None
        return value

    def case_number(self, name: str) -> int | None:
        """The number of a case, written as 101 or as [101]."""
        text = (self.text(name) or "").strip("[]# ")
        if text.isascii() and text.isdigit() and 1 <= int(text) <= BIGGEST_NUMBER:
            return int(text)
        self.errors[name] = gettext("Give the number of a case, such as 101.")
        return None

    def money(self, name: str) -> Decimal | None:
        """An amount; a comma for the point is understood."""
        text = self.text(name)
        if text is None:
            return None
        try:
            value = Decimal(text.replace(" ", "").replace(",", "."))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or abs(value) >= 10**12:
            self.errors[name] = gettext("An amount such as 1200.50, please.")
            return None
        return value

    def decimal(self, name: str) -> int | float | None:
        """A number that need not be whole; a comma for the point is understood."""
        text = self.text(name)
        if text is None:
            return None
        try:
            value = float(text.replace(" ", "").replace(",", "."))
        except ValueError:
            value = float("nan")
        if not abs(value) < 10**15:
            self.errors[name] = gettext("A number such as 12.5, please.")
            return None
        return int(value) if value.is_integer() else value

    def day(self, name: str) -> date | None:
        """A day, as a date field gives it."""
        text = self.text(name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.errors[name] = gettext("A day such as 2026-11-25, please.")
            return None

    def moment(self, name: str, zone: tzinfo) -> datetime | None:
        """A day and time as the field gives it, meant in the reader's time zone."""
        text = self.text(name)
        try:
            moment = datetime.fromisoformat(text) if text else None
        except ValueError:
            self.errors[name] = gettext("A day and time such as 2026-11-25 14:00, please.")
            return None
        if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            self.errors[name] = gettext(
                "A moment from the year %(first)s to %(last)s, please.",
                first=FIRST_YEAR,
                last=LAST_YEAR,
            )
            return None
        return moment.replace(tzinfo=zone) if moment else None

    def choice(self, name: str, allowed: Iterable[str]) -> str | None:
        """One of the values that the field offers."""
        text = self.text(name)
        if text is not None and text not in set(allowed):
            self.errors[name] = gettext("Choose one of the list.")
            return None
        return text

    def flag(self, name: str) -> bool:
        """A ticked box."""
        return name in self.given

    def numbers(self, name: str) -> list[int]:
        """The whole numbers chosen in a field that takes several."""
        return [int(text) for text in self.given.getlist(name) if text.isascii() and text.isdigit()]

    def refused(self, error: InvalidRequest) -> None:
        """Note what the service says of a field."""
        self.errors[error.field] = refusal_words(error.what_to_do)
