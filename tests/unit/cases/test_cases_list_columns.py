"""What lists compare of a case, and tags as they are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.cases.model.list_columns import custom_texts, next_deadline, texts_asked_for
from services.contracts.cases import CaseSnapshot

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def case(**values: Any) -> CaseSnapshot:
    given = {"number": 101, "version": 1, "subject": "A case", "state": "open", "kind": "task"}
    dates = dict.fromkeys(("created_at", "last_action_at", "state_since"), NOON)
    return CaseSnapshot.model_validate({**given, **dates, **values})


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, None),
        ({"deadline": NOON}, NOON),
        ({"deadline": NOON, "response_deadline": NOON - HOUR}, NOON - HOUR),
        ({"deadline": NOON, "response_deadline": NOON - HOUR, "responded_at": NOON}, NOON),
        ({"response_deadline": NOON - HOUR, "responded_at": NOON}, None),
        ({"deadline": NOON, "state": "done"}, None),
    ],
)
def test_K1_the_nearer_deadline_that_waits_counts(values: Any, expected: Any) -> None:
    assert next_deadline(case(**values)) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Straße  7", "strasse 7"),
        (1.50, "1.5"),
        (100, "100"),
        (-0.0, "0"),
        (1e-7, "0.0000001"),
        ({"id": 3, "name": "Eve"}, "3"),
        ("2026-11-25", "2026-11-25"),
        ("x" * 300, "x" * 200),
    ],
)
def test_K9_custom_fields_are_compared_as_text(value: Any, text: str) -> None:
    assert custom_texts(case(custom={"field": value})) == {"field": text}
    given = str(value["id"]) if isinstance(value, dict) else str(value)
    assert text in texts_asked_for(given)


def test_K9_empty_custom_fields_are_in_no_list() -> None:
    assert custom_texts(case(custom={"a": None, "b": "", "c": "  "})) == {}


def test_K9_a_number_is_found_however_it_is_written() -> None:
    assert "1.5" in texts_asked_for("1.50") and "1500" in texts_asked_for("1.5e3")
    assert texts_asked_for("1e999999") == ("1e999999",)
