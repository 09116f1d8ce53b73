"""A grading of suppliers on a reporting database, and what it announces."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from integration.reporting.case_stream import a_case, event_of

from services.contracts.cases import Ref
from services.contracts.directory import Category, CategoryChanged
from services.contracts.grades import GradesShown, Grading, PartnerGraded, SaveGrading
from services.contracts.messages import read_message
from services.messaging.transaction import Transactions
from services.reporting.actions.save_grading import save_grading
from services.reporting.actions.take_in import take_in
from services.reporting.actions.work_out_grades import work_out_grades
from services.reporting.grades_shown import show_grades
from services.runtime.identity import new_id

GOOD, FAIR, POOR = 11, 12, 13
JULY = datetime(2026, 7, 20, tzinfo=UTC)
GRADES = [
    {"category_id": GOOD, "most_cases": 1, "most_cost": "100"},
    {"category_id": FAIR, "most_cases": 2},
    {"category_id": POOR},
]
BLUE, RED = Ref(id=1, name="Blue"), Ref(id=2, name="Red")


class GradesBench:
    """Claims come in, rounds of grading go by."""

    def __init__(self, transactions: Transactions) -> None:
        self.transactions = transactions
        self._keys = itertools.count()
        self._numbers = itertools.count(101)
        self._seen = 0
        names = {GOOD: "Suppliers / Good", FAIR: "Suppliers / Fair", POOR: "Suppliers / Poor"}
        for id, path in names.items():
            node = Category(id=id, name=path, path=path, tree="partner_category")
            take_in(transactions, [CategoryChanged(id=new_id(), occurred_at=JULY, data=node)])

    def save(self, id: int | None = None, version: int | None = None, **fields: Any) -> Grading:
        """Save a grading of claims by GRADES, or of these fields, with a fresh key."""
        given = {"name": "Quality", "kind": "claim", "grades": GRADES, **fields}
        key = f"key {next(self._keys)}"
        command = SaveGrading(
            idempotency_key=key, id=id, version=version, fields=fields if id else given
        )
        return Grading.model_validate(save_grading(self.transactions, command))

    def claim(self, partner: Ref, cost: str = "10", **more: Any) -> int:
        """A claim about this supplier comes in; answers its number."""
        number = next(self._numbers)
        fields = {"kind": "claim", "partner": partner, "estimated_cost": Decimal(cost)} | more
        self.event(number, **fields)
        return number

    def event(self, number: int, **fields: Any) -> None:
        """A case is as these fields tell from now on."""
        assert take_in(self.transactions, [event_of(a_case(number, **fields))]) == []

    def round(self, moment: datetime = JULY) -> list[tuple[int, int, tuple[int, ...]]]:
        """Grade, and answer what was announced: partner, category, categories to leave."""
        work_out_grades(self.transactions, moment)
        return [
            (told.partner_id, told.category_id, told.leave_ids)
            for told in (message.data for message in self.announced())
        ]

    def announced(self) -> list[PartnerGraded]:
        """What was published since the last call."""
        with self.transactions.database.read() as connection:
            rows = self.transactions.outbox.log(connection, self._seen, 10_000)
        if rows:
            self._seen = rows[-1].position
        found = [read_message(row.type, row.body) for row in rows]
        assert all(isinstance(one, PartnerGraded) for one in found)
        return [one for one in found if isinstance(one, PartnerGraded)]

    def shown(self, grading_id: int = 1, moment: datetime = JULY) -> GradesShown:
        """The table of a grading."""
        with self.transactions.database.read() as connection:
            return show_grades(connection, grading_id, moment)
