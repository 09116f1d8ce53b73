"""A grading of suppliers and its table, as the reporting service answers them."""

from __future__ import annotations

from typing import Any

CATEGORIES = [
    {"id": 11, "name": "Good", "path": "Suppliers / Good"},
    {"id": 12, "name": "Fair", "path": "Suppliers / Fair"},
    {"id": 13, "name": "Poor", "path": "Suppliers / Poor"},
]
GRADES: list[dict[str, Any]] = [
    {"category_id": 11, "most_cases": 1, "most_cost": "1000.5000", "most_hours_to_respond": 8.0},
    {"category_id": 12, "most_cases": 5},
    {"category_id": 13},
]
GRADING: dict[str, Any] = {
    "id": 4,
    "version": 2,
    "name": "Supplier quality",
    "kind": "helpdesk",
    "section_id": 2,
    "months": 6,
    "grades": GRADES,
}
SINCE = "2026-11-20T10:00:00Z"


def supplier(partner_id: int, partner: str, **fields: Any) -> dict[str, Any]:
    """A row of the table: nobody graded yet, with these fields."""
    return {"partner_id": partner_id, "partner": partner, "cost": "0", **fields}


SHOWN: dict[str, Any] = {
    "grading": GRADING,
    "categories": ["Suppliers / Good", "Suppliers / Fair", "Suppliers / Poor"],
    "suppliers": [
        supplier(1, "Blue & Co", count=1, category_id=11, category="Suppliers / Good", since=SINCE),
        supplier(
            2,
            "Red",
            count=3,
            cost="1200.50",
            average_hours_to_respond=9.5,
            category_id=12,
            category="Suppliers / Fair",
            since=SINCE,
            kept_from={
                "category_id": 11,
                "category": "Suppliers / Good",
                "limits": ["most_cases", "most_cost", "most_hours_to_respond"],
            },
        ),
        supplier(3, "Grey", count=2, cost=None, without_rate=["CHF", "GBP"], gradable=False),
    ],
    "changes": [
        {
            "partner_id": 2,
            "partner": "Red",
            "before": "Suppliers / Good",
            "after": "Suppliers / Fair",
            "reason": "3 cases, where Suppliers / Good allows 1",
            "at": SINCE,
        }
    ],
}
