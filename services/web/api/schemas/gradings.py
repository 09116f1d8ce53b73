"""Gradings of suppliers, as the API takes and answers them."""

from __future__ import annotations

from pydantic import Field

from services.contracts.envelope import Part
from services.contracts.grades import MOST_MONTHS, Grading
from services.contracts.reports import Currency
from services.web.access.gate import BIGGEST_NUMBER
from services.web.api.schemas.base import Given, Id, Version, Zone

AMOUNT = r"^[0-9]{1,15}(\.[0-9]{1,4})?$"


class GivenGrade(Given):
    """A partner category, and what a supplier in it may have at most; null is no limit."""

    category_id: Id = Field(description="The id of a partner category")
    most_cases: int | None = Field(default=None, ge=0, le=BIGGEST_NUMBER)
    most_cost: str | None = Field(
        default=None,
        pattern=AMOUNT,
        description="In the grading's currency; a text, so that no digit is lost",
        examples=["5000.00"],
    )
    most_hours_to_respond: float | None = Field(
        default=None, ge=0, le=BIGGEST_NUMBER, description="On average, to the first answer"
    )


class GradingFields(Given):
    """Fields of a grading; the best of its `grades` comes first, the last has no limits."""

    name: str = Field(default="", min_length=1, max_length=200)
    active: bool = True
    kind: str | None = Field(
        default=None, min_length=1, max_length=50, description="The code of the kind that counts"
    )
    section_id: Id | None = Field(default=None, description="Its cases and those below it count")
    months: int = Field(default=12, ge=1, le=MOST_MONTHS, description="The current one included")
    time_zone: Zone = "UTC"
    currency: Currency = "EUR"
    grades: tuple[GivenGrade, ...] = Field(default=(), min_length=1, max_length=20)


class NewGrading(GradingFields):
    """A grading to add."""

    name: str = Field(min_length=1, max_length=200)
    grades: tuple[GivenGrade, ...] = Field(min_length=1, max_length=20)


class GradingChange(GradingFields):
    """Changes to a grading; a field left out stays, `grades` are given all together."""

    version: Version


class GradingDeletion(Given):
    """The version that you read."""

    version: Version


class GradingList(Part):
    """Gradings by name, and the cursor of the next page."""

    items: list[Grading]
    next: str | None = None
