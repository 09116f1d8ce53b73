"""The rows of a kind's form that each make one of its fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from services.contracts.directory import CustomField
from services.web.pages.form import Form
from services.web.pages.word_table import Words
from services.web.translation import gettext, pgettext_noop

TYPES = Words(
    {
        "text": pgettext_noop("type of a field", "Text"),
        "number": pgettext_noop("type of a field", "Number"),
        "date": pgettext_noop("type of a field", "Date"),
        "choice": pgettext_noop("type of a field", "Choice"),
        "person": pgettext_noop("type of a field", "Person"),
    }
)
CODE = re.compile(r"[a-z][a-z0-9_]{0,49}")
MOST_FIELDS = 50


@dataclass
class FieldRow:
    """One field as it is written; a `kept` one is on cases already: its code and type stay."""

    code: str = ""
    name: str = ""
    type: str = "text"
    choices: str = ""
    required: bool = False
    kept: bool = False

    def field(self) -> dict[str, Any]:
        """The field that it makes."""
        texts = [one.strip() for one in re.split(r"[\n,]", self.choices)]
        return {
            "code": self.code,
            "name": self.name,
            "type": self.type,
            "choices": [text for text in texts if text] if self.type == "choice" else [],
            "required": self.required,
        }


def rows_of(fields: Iterable[CustomField]) -> list[FieldRow]:
    """The rows of fields that there are."""
    return [
        FieldRow(one.code, one.name, one.type, ", ".join(one.choices), one.required, kept=True)
        for one in fields
    ]


def given_rows(form: Form, known: set[str]) -> list[FieldRow]:
    """The rows of a posted form without the empty ones; what is wrong is noted by its place.

    A field without a code gets one from its name.
    """
    required = set(form.given.getlist("field_required"))
    columns = [form.given.getlist(f"field_{part}") for part in ("row", "code", "name", "type")]
    choices = form.given.getlist("field_choices")
    rows: list[FieldRow] = []
    for (row, code, name, kind), texts in zip(zip(*columns, strict=False), choices, strict=False):
        one = FieldRow(code.strip(), name.strip(), kind, texts.strip(), row in required)
        if not (one.code or one.name):
            continue
        one.code = one.code or code_of(one.name, {other.code for other in rows})
        one.kept = one.code in known
        _check(form, f"fields.{len(rows)}", one)
        rows.append(one)
    return rows[:MOST_FIELDS]


def errors_by_row(errors: dict[str, str]) -> dict[int, dict[str, str]]:
    """What is wrong with `fields.2.name`, by place and part."""
    found: dict[int, dict[str, str]] = {}
    for field, words in errors.items():
        first, _, rest = field.partition(".")
        place, _, part = rest.partition(".")
        if first == "fields" and place.isdigit():
            found.setdefault(int(place), {})[part.partition(".")[0] or "name"] = words
    return found


def code_of(name: str, taken: set[str]) -> str:
    """A code for a field of this name: "Serial number" is serial_number."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    code = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:45]
    code = code if code[:1].isalpha() else f"field_{code}".rstrip("_")
    number = 2
    wanted = code
    while wanted in taken:
        wanted, number = f"{code}_{number}", number + 1
    return wanted


def _check(form: Form, at: str, row: FieldRow) -> None:
    if not row.name:
        form.errors[f"{at}.name"] = gettext("Give it a name.")
    if not CODE.fullmatch(row.code):
        form.errors[f"{at}.code"] = gettext("Small letters, digits and _, beginning with a letter.")
    if row.type not in TYPES:
        form.errors[f"{at}.type"] = gettext("Choose one of the list.")
