"""How long a case has left, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from unit.web.web_bench import a_case

from services.contracts.cases import CaseSnapshot
from services.web.pages.deadlines import deadlines, left, minutes_text, nearest

NOON = datetime.fromisoformat("2026-11-24T12:00:00Z")


def snapshot(**fields: object) -> CaseSnapshot:
    return CaseSnapshot.model_validate(a_case(**fields))


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 min"),
        (59, "59 min"),
        (130, "2 h 10 min"),
        (1440, "1 d"),
        (1441, "1 d"),
        (1505, "1 d 1 h"),
    ],
)
def test_A2_a_length_reads_in_its_two_greatest_units(minutes: int, words: str) -> None:
    assert minutes_text(minutes) == words


def test_A2_what_is_left_and_what_is_late() -> None:
    assert left(NOON + timedelta(hours=2, minutes=10), NOON) == "in 2 h 10 min"
    assert left(NOON - timedelta(minutes=35), NOON) == "35 min late"


def test_A2_the_first_answer_is_due_until_it_is_given() -> None:
    waiting = snapshot(response_deadline="2026-11-24T11:00:00Z", deadline="2026-11-25T12:00:00Z")
    answer, case = deadlines(waiting, NOON)
    assert (answer.name, answer.text, answer.late, answer.counts) == (
        "Answer due",
        "1 h late",
        True,
        True,
    )
    assert (case.name, case.text, case.late) == ("Due", "in 1 d", False)
    assert nearest(waiting, NOON) == answer
    given = snapshot(
        response_deadline="2026-11-24T11:00:00Z",
        responded_at="2026-11-24T10:35:00Z",
        deadline="2026-11-25T12:00:00Z",
    )
    answer, case = deadlines(given, NOON)
    assert (answer.name, answer.text, answer.late) == ("First answer", "after 35 min", False)
    assert nearest(given, NOON) == case


def test_A2_a_closed_case_kept_its_deadline_or_missed_it() -> None:
    closed = snapshot(deadline="2026-11-24T11:00:00Z", closed_at="2026-11-24T11:30:00Z")
    (missed,) = deadlines(closed, NOON)
    assert (missed.text, missed.late, missed.counts) == ("missed by 30 min", True, False)
    kept = snapshot(deadline="2026-11-24T11:00:00Z", closed_at="2026-11-24T10:30:00Z")
    assert deadlines(kept, NOON)[0].text == "kept"
    assert nearest(snapshot(), NOON) is None
