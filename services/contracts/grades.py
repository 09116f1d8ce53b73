"""Grades of suppliers by their quality problems: how they are set, shown and announced."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints

from services.contracts.envelope import Command, Envelope, Part
from services.contracts.reports import Currency

Limit = Literal["most_cases", "most_cost", "most_hours_to_respond"]
LIMITS: tuple[Limit, ...] = ("most_cases", "most_cost", "most_hours_to_respond")
MOST_SUPPLIERS = 5_000  # shown at once
MOST_CHANGES = 100
MOST_MONTHS = 36
LARGEST_ID = 2**31 - 1

Id = Annotated[int, Field(gt=0, le=LARGEST_ID)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Grade(Part):
    """A partner category, and what a supplier in it may have at most; None is no limit.

    `most_cost` is in the currency of the grading, `most_hours_to_respond` limits the average
    over the cases that have had a first answer; without one it is kept.
    """

    category_id: Id
    most_cases: int | None = Field(default=None, ge=0, le=LARGEST_ID)
    most_cost: Decimal | None = Field(default=None, ge=0, max_digits=19, decimal_places=4)
    most_hours_to_respond: float | None = Field(default=None, ge=0, allow_inf_nan=False)


class Grading(Part):
    """How suppliers are graded: which cases count, and the grades, the best first.

    Those cases count that are of the `kind`, in the section (or one below it), and were created
    in the last `months` whole months by the clocks of `time_zone`, the current one included:
    the cases that a report of these months by partner counts. A supplier gets the first grade
    all of whose limits he keeps; the last one has none. Money is turned into `currency` by the
    rate of the month of its case; where there is none and cost has a limit, the supplier keeps
    the grade that he has.

    Graded are the partners of cases that count and all who were graded before, so that one
    whose problems have aged out goes back to the best grade. A partner who never had such a
    case is in none of the categories: nothing is known of his quality. What one puts a partner
    into by hand stays until his grade changes. One grading that is not active, or is deleted,
    leaves all partners where they are.
    """

    id: int
    version: int = 1
    name: Name
    active: bool = True
    kind: str | None = Field(default=None, min_length=1, max_length=50)
    section_id: Id | None = None
    months: int = Field(default=12, ge=1, le=MOST_MONTHS)
    time_zone: str = Field(default="UTC", max_length=100)
    currency: Currency = "EUR"
    grades: tuple[Grade, ...] = Field(min_length=1, max_length=20)


class SaveGrading(Command):
    """Adds a grading, or changes one (`id` and `version` given). RPC `save_grading`.

    `fields` are those of Grading; only those given are changed. Answers the grading; the same
    key again gets the same answer, one that is saved as it was keeps its version. Raises
    InvalidRequest, NotFound, StaleVersion. A category may be in one grading only: two would put
    a partner in and out of it.
    """

    id: int | None = None
    version: int | None = None
    fields: dict[str, Any]


class DeleteGrading(Command):
    """Deletes a grading with its grades and their history. RPC `delete_grading`.

    One that is not there any more is deleted already. Raises StaleVersion.
    """

    id: Id
    version: int


class WhichGrading(Part):
    """RPC `get_grading(id)`; answers a Grading. `list_gradings()` answers all, by name."""

    id: Id


class KeptFrom(Part):
    """The next better grade, and those of its limits that are not kept."""

    category_id: int
    category: str
    limits: tuple[Limit, ...]


class Supplier(Part):
    """A supplier, his figures as they are now, and the grade that he was given.

    `cost` is in the grading's currency and None where money has no rate (`without_rate` names
    its currencies). `category_id` is None for one who was never graded, `since` when he came
    to his grade. `kept_from` tells by the figures of now, and is None for the best grade.
    `gradable` is false where the cost that would be needed to grade him is not known.
    """

    partner_id: int
    partner: str
    count: int = 0
    cost: Decimal | None = None
    without_rate: tuple[str, ...] = ()
    average_hours_to_respond: float | None = None
    gradable: bool = True
    category_id: int | None = None
    category: str = ""
    since: datetime | None = None
    kept_from: KeptFrom | None = None


class GradeChange(Part):
    """A supplier came from one category (None: his first grade) into another, and why."""

    partner_id: int
    partner: str
    before: str | None = None
    after: str
    reason: str
    at: datetime


class GradesShown(Part):
    """RPC `show_grades(grading_id)`: the suppliers of a grading. Raises NotFound.

    The suppliers of the best grade come first, then by name; `more`: there are more than
    MOST_SUPPLIERS. `categories` are the names of the grades, in their order. `changes` are the
    latest MOST_CHANGES, the newest first.
    """

    grading: Grading
    categories: tuple[str, ...] = ()
    suppliers: tuple[Supplier, ...] = ()
    more: bool = False
    changes: tuple[GradeChange, ...] = ()


class PartnerGradedData(Part):
    """The partner is to be in one category and out of the others of the grading."""

    partner_id: int
    category_id: int
    leave_ids: tuple[int, ...] = ()
    grading_id: int
    grading: str
    reason: str


class PartnerGraded(Envelope):
    TYPE: ClassVar[str] = "partner.graded"
    type: Literal["partner.graded"] = "partner.graded"
    data: PartnerGradedData
