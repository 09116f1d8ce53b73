"""The rows of a grading's form that each make one of its grades, the best first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from services.contracts.grades import LARGEST_ID, LIMITS, Grade
from services.web.pages.form import Form
from services.web.translation import gettext

PARTS = ("category_id", *LIMITS)
MOST_ROWS = 20


@dataclass
class GradeRow:
    """One grade as it is written; `wrong` holds a sentence for each part that will not do."""

    category_id: str = ""
    most_cases: str = ""
    most_cost: str = ""
    most_hours_to_respond: str = ""
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        """What is written in it, by part."""
        return {part: getattr(self, part) for part in PARTS}

    def told(self) -> dict[str, Any]:
        """The grade that it makes; what is wrong with it is noted."""
        form = Form(MultiDict(self.texts))
        category = form.number("category_id", low=1, high=LARGEST_ID)
        if category is None:
            form.errors["category_id"] = gettext("Choose one of the list.")
        cost, hours = form.money("most_cost"), form.decimal("most_hours_to_respond")
        for part, value in (("most_cost", cost), ("most_hours_to_respond", hours)):
            if value is not None and value < 0:
                form.errors[part] = gettext("0 or more, please.")
        self.wrong = form.errors
        return {
            "category_id": category,
            "most_cases": form.number("most_cases", high=LARGEST_ID),
            "most_cost": None if cost is None else f"{cost:f}",
            "most_hours_to_respond": hours,
        }


def rows_of(grades: Iterable[Grade]) -> list[GradeRow]:
    """The rows of the grades that there are."""
    return [_row(*(_written(getattr(grade, part)) for part in PARTS)) for grade in grades]


def given_rows(form: Form) -> list[GradeRow]:
    """The rows of a posted form, those left empty apart."""
    columns = [form.given.getlist(f"grade_{part}") for part in PARTS]
    rows = [_row(*one) for one in zip(*columns, strict=False)]
    return [row for row in rows if any(row.texts.values())][:MOST_ROWS]


def _row(*texts: str) -> GradeRow:
    category_id, cases, cost, hours = (text.replace("\0", "").strip()[:100] for text in texts)
    return GradeRow(category_id, cases, cost, hours)


def _written(value: Decimal | float | None) -> str:
    """Without zeros behind the point that say nothing."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
