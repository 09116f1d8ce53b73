"""What a predefined mail may say, and that it can neither read a secret nor run for long (A3)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.errors import InvalidRequest
from services.contracts.templates import FIELDS, LONGEST_VALUE, check_template, fill_in

CASE: dict[str, Any] = {
    **dict.fromkeys(FIELDS),
    "number": 101,
    "subject": "Printer on fire",
    "created_at": datetime(2026, 3, 4, 14, 5, tzinfo=UTC),
    "tags": ["hot", "printer"],
    "watchers": [
        {"name": "Ann", "address": "ann@x.example"},
        {"name": "Bob", "address": "b@x.example"},
    ],
    "custom": {"serial": "KC1", "due": "2026-11-25"},
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("[{{ case.number }}] {{ case.subject }}", "[101] Printer on fire"),
        ("due {{ case.deadline }}.", "due ."),
        ("{{ case.created_at }}, {{ case.created_at | date }}", "2026-03-04 14:05 UTC, 2026-03-04"),
        ("{{ case.deadline | time }}{{ case.custom.due | date }}", "2026-11-25"),
        ("{% if case.deadline %}soon{% else %}some day{% endif %}", "some day"),
        ("{{ case.tags | join(', ') | upper }}", "HOT, PRINTER"),
        (
            "{% for one in case.watchers %}{{ loop.index }} {{ one.name }} {% endfor %}",
            "1 Ann 2 Bob ",
        ),
        ("{{ case.custom.serial }} {{ case.custom['serial'] }}", "KC1 KC1"),
        ("{{ case.custom.other | default('none') }}", "none"),
    ],
)
def test_A3_a_template_fills_in_what_a_case_holds(template: str, text: str) -> None:
    check_template("text", template)
    assert fill_in("text", template, CASE) == text


@pytest.mark.parametrize(
    "template",
    [
        "{{ case.__class__ }}",
        "{{ case['__class__'] }}",
        "{{ case.subject.__init__.__globals__ }}",
        "{{ case.items }}",
        "{{ case.subject.upper() }}",
        "{{ config }}",
        "{{ self }}",
        "{{ range(9) }}",
        "{{ ''|attr('__class__') }}",
        "{{ 'a' * 99999999 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ case.subject | center(999999999) }}",
        "{% set x = 1 %}",
        "{% macro x() %}{% endmacro %}",
        "{% include 'secrets' %}",
        "{% import 'os' as os %}",
        "{{ case.custom[case.subject] }}",
        "{{ case.secret }}",
        "{{ case.contact.name }}",
        "{{ case",
        "{% for c in case.description %}x{% endfor %}",
        "{% for a in case.tags %}{% for b in case.tags %}x{% endfor %}{% endfor %}",
        "{% for one in case.tags recursive %}{{ loop(case.tags) }}{% endfor %}",
    ],
)
def test_A3_a_template_that_loops_or_reads_a_secret_is_refused_with_its_field(
    template: str,
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        check_template("text", template)
    assert refused.value.field == "text"
    assert refused.value.what_to_do


def test_A3_what_is_not_there_is_named() -> None:
    with pytest.raises(InvalidRequest, match="order"):
        fill_in("subject", "{{ case.custom.order }}", CASE)


def test_A3_no_template_makes_much_of_a_long_text() -> None:
    case = {**CASE, "description": "x" * 1_000_000}
    assert len(fill_in("text", "{{ case.description }}", case)) == LONGEST_VALUE
    with pytest.raises(InvalidRequest, match="100000 characters"):
        fill_in("text", "{{ case.description }}" * 11, case)


@given(st.text(alphabet="{}%|.()[]'\"_ caseforinx1*+-=", max_size=60))
def test_A3_any_text_is_filled_in_or_refused(template: str) -> None:
    try:
        fill_in("text", template, CASE)
    except InvalidRequest as error:
        assert error.field == "text"
