"""Which grade figures get (R5)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.errors import InvalidRequest
from services.contracts.grades import Grade, Grading
from services.reporting.model.grades import Figures, broken_limits, judge, reason
from services.reporting.model.grading_saving import changed_grading, check_others

GRADES = (
    Grade(category_id=1, most_cases=2, most_cost=Decimal(100), most_hours_to_respond=8),
    Grade(category_id=2, most_cases=5, most_cost=Decimal(500)),
    Grade(category_id=3),
)
AMOUNTS = st.decimals(0, 1_000, places=2)
LIMITED = st.builds(
    Grade,
    category_id=st.integers(1, 1_000),
    most_cases=st.none() | st.integers(0, 10),
    most_cost=st.none() | AMOUNTS,
    most_hours_to_respond=st.none() | st.floats(0, 50),
)
FIGURES = st.builds(
    Figures, st.integers(0, 12), st.none() | AMOUNTS, st.none() | st.floats(0, 60), st.just(())
)


@st.composite
def scales(draw: st.DrawFn) -> tuple[Grade, ...]:
    """Some grades, the last without limits."""
    return (*draw(st.lists(LIMITED, max_size=5)), Grade(category_id=1_001))


def keeps(grade: Grade, figures: Figures) -> bool:
    cases = grade.most_cases is None or figures.count <= grade.most_cases
    assert figures.cost is not None
    cost = grade.most_cost is None or figures.cost <= grade.most_cost
    most = grade.most_hours_to_respond
    return cases and cost and (most is None or figures.hours is None or figures.hours <= most)


@given(scales(), FIGURES)
def test_R5_a_supplier_gets_the_first_grade_all_of_whose_limits_he_keeps(
    grades: tuple[Grade, ...], figures: Figures
) -> None:
    verdict = judge(grades, figures)
    if figures.cost is None:
        limits_cost = any(grade.most_cost is not None for grade in grades)
        assert (verdict is None) == limits_cost
        return
    kept = [keeps(grade, figures) for grade in grades]
    assert verdict is not None
    place = kept.index(True)
    assert verdict.grade is grades[place]
    assert verdict.better is (grades[place - 1] if place else None)
    assert bool(verdict.broken) == bool(place)


@given(scales(), FIGURES, st.integers(0, 5), AMOUNTS)
def test_R5_more_problems_never_bring_a_better_grade(
    grades: tuple[Grade, ...], figures: Figures, cases: int, cost: Decimal
) -> None:
    if figures.cost is None:
        return
    worse = Figures(figures.count + cases, figures.cost + cost, figures.hours)
    before, after = judge(grades, figures), judge(grades, worse)
    assert before is not None and after is not None
    assert grades.index(before.grade) <= grades.index(after.grade)


@pytest.mark.parametrize(
    ("figures", "category", "told"),
    [
        (Figures(2, Decimal(100), 8.0), 1, "2 cases: all limits of the best grade are kept"),
        (Figures(1), 1, "1 case: all limits of the best grade are kept"),
        (Figures(3, Decimal(100)), 2, "3 cases, where Preferred allows 2"),
        (
            Figures(1, Decimal("100.01"), 8.5),
            2,
            "a cost of 100.01 EUR, where Preferred allows 100.00 EUR; "
            "8.5 h to the first answer on average, where Preferred allows 8 h",
        ),
        (Figures(6, Decimal(501)), 3, "6 cases, where Preferred allows 5; a cost of 501.00 EUR"),
    ],
)
def test_R5_the_reason_names_the_limits_of_the_next_better_grade(
    figures: Figures, category: int, told: str
) -> None:
    verdict = judge(GRADES, figures)
    assert verdict is not None and verdict.grade.category_id == category
    assert reason(verdict, figures, "EUR", "Preferred").startswith(told)


def test_R5_a_cost_that_is_not_known_matters_only_where_it_is_limited() -> None:
    unknown = Figures(4, None, None, ("CHF",))
    assert judge(GRADES, unknown) is None
    free = tuple(grade.model_copy(update={"most_cost": None}) for grade in GRADES)
    verdict = judge(free, unknown)
    assert verdict is not None and verdict.grade.category_id == 2
    assert broken_limits(free[0], unknown) == ("most_cases",)


FIELDS: dict[str, Any] = {
    "name": " Supplier quality ",
    "kind": "claim",
    "grades": [{"category_id": 1, "most_cases": 2}, {"category_id": 2}],
}


def test_R5_what_is_not_given_stays_or_is_the_default() -> None:
    made = changed_grading(None, FIELDS)
    assert (made.name, made.months, made.currency, made.active) == (
        "Supplier quality",
        12,
        "EUR",
        True,
    )
    assert changed_grading(made, {"months": 3}) == made.model_copy(update={"months": 3})
    assert changed_grading(made, {}) == made


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"id": 3}, "id"),
        ({"name": " "}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"kind": None}, "kind"),
        ({"months": 0}, "months"),
        ({"months": 37}, "months"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"currency": "euro"}, "currency"),
        ({"grades": []}, "grades"),
        ({"grades": [{"category_id": 0}]}, "grades.0.category_id"),
        ({"grades": [{"category_id": 2**31}]}, "grades.0.category_id"),
        ({"grades": [{"category_id": 1}, {"category_id": 1}]}, "grades.1.category_id"),
        ({"grades": [{"category_id": 1, "most_cases": 3}]}, "grades.0.most_cases"),
        ({"grades": [{"category_id": 1, "most_cost": "-1"}]}, "grades.0.most_cost"),
        (
            {"grades": [{"category_id": 1, "most_hours_to_respond": "NaN"}]},
            "grades.0.most_hours_to_respond",
        ),
    ],
)
def test_R5_a_grading_that_makes_no_sense_is_refused_by_field(
    fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidRequest) as raised:
        changed_grading(None, {**FIELDS, **fields})
    assert raised.value.field == field


def test_R5_a_new_grading_needs_a_name_and_grades() -> None:
    for missing in ("name", "grades"):
        with pytest.raises(InvalidRequest) as raised:
            changed_grading(None, {name: FIELDS[name] for name in FIELDS if name != missing})
        assert raised.value.field == missing


def test_R5_two_gradings_share_neither_name_nor_category() -> None:
    one = changed_grading(None, FIELDS).model_copy(update={"id": 1})
    check_others(one, [one])
    namesake = Grading(id=2, name=one.name, grades=(Grade(category_id=9),))
    with pytest.raises(InvalidRequest, match="name: grading 1"):
        check_others(namesake, [one])
    rival = Grading(id=2, name="Other", grades=(Grade(category_id=9), Grade(category_id=2)))
    with pytest.raises(InvalidRequest, match=r"grades\.1\.category_id: .*'Supplier quality'"):
        check_others(rival, [one])
