"""Suppliers are graded by their quality problems, on both databases (R5)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from integration.reporting.grades_bench import (
    BLUE,
    FAIR,
    GOOD,
    GRADES,
    JULY,
    POOR,
    RED,
    GradesBench,
)

from services.contracts.errors import InvalidRequest, NotFound, StaleVersion
from services.contracts.grades import DeleteGrading, SaveGrading
from services.contracts.reports import Rate, SaveRates
from services.messaging.transaction import Transactions
from services.reporting import store
from services.reporting.actions.delete_grading import delete_grading
from services.reporting.actions.save_grading import save_grading
from services.reporting.actions.save_rates import save_rates
from services.reporting.actions.work_out_grades import work_out_grades
from services.reporting.service import Service
from services.reporting.tables import rebuild
from services.runtime.exclusive import Exclusive

AUGUST = datetime(2026, 8, 1, tzinfo=UTC)
NEXT_YEAR = datetime(2027, 7, 1, tzinfo=UTC)


@pytest.fixture
def bench(transactions: Transactions) -> GradesBench:
    return GradesBench(transactions)


def test_R5_grades_follow_the_cases_and_are_announced_once(bench: GradesBench) -> None:
    bench.save()
    bench.claim(BLUE)
    bench.claim(RED, cost="100.01")
    bench.event(900, kind="helpdesk", partner=RED)  # no quality problem
    bench.event(901, kind="claim")  # nobody's
    assert bench.round() == [(1, GOOD, (FAIR, POOR)), (2, FAIR, (GOOD, POOR))]
    assert bench.round() == []
    bench.claim(BLUE)
    last = bench.claim(BLUE)
    assert bench.round() == [(1, POOR, (GOOD, FAIR))]
    bench.event(last, version=2, kind="claim", partner=RED)  # it was the other's fault
    assert bench.round() == [(1, FAIR, (GOOD, POOR))]
    assert bench.round() == []


def test_R5_the_announcement_says_which_grading_and_why(bench: GradesBench) -> None:
    bench.save()
    bench.claim(RED, cost="100.01")
    bench.round()
    bench.claim(RED)
    bench.claim(RED)
    assert work_out_grades(bench.transactions, JULY) == 1
    (message,) = bench.announced()
    assert (message.data.grading_id, message.data.grading) == (1, "Quality")
    assert message.data.reason == "3 cases, where Suppliers / Fair allows 2"
    assert message.actor.kind == "system"


def test_R5_only_one_process_at_a_time_grades(bench: GradesBench) -> None:
    bench.save()
    bench.claim(BLUE)
    database = bench.transactions.database
    first, second = Exclusive(database, "grades"), Exclusive(database, "grades")
    service = Service()
    service.wired = SimpleNamespace(transactions=bench.transactions, turn=second)
    assert first.try_acquire()
    service.work_out_grades()
    assert bench.announced() == []
    first.release()
    service.work_out_grades()
    assert len(bench.announced()) == 1
    second.release()


def test_R5_problems_age_out_by_whole_months(bench: GradesBench) -> None:
    bench.save(months=1)
    for _ in range(3):
        bench.claim(BLUE)
    assert bench.round(JULY) == [(1, POOR, (GOOD, FAIR))]
    assert bench.round(datetime(2026, 7, 31, 23, 59, tzinfo=UTC)) == []
    assert bench.round(AUGUST) == [(1, GOOD, (FAIR, POOR))]
    assert bench.round(NEXT_YEAR) == []
    (supplier,) = bench.shown(moment=AUGUST).suppliers
    assert (supplier.partner, supplier.count, supplier.category) == ("Blue", 0, "Suppliers / Good")
    assert supplier.since == AUGUST


def test_R5_a_month_ends_by_the_clocks_of_the_grading(bench: GradesBench) -> None:
    bench.save(months=1, time_zone="America/New_York")
    for _ in range(3):
        bench.claim(BLUE)
    bench.round(JULY)
    assert bench.round(datetime(2026, 8, 1, 3, 59, tzinfo=UTC)) == []
    assert bench.round(datetime(2026, 8, 1, 4, 0, tzinfo=UTC)) == [(1, GOOD, (FAIR, POOR))]


def test_R5_money_is_turned_and_without_a_rate_a_supplier_keeps_his_grade(
    bench: GradesBench,
) -> None:
    bench.save()
    bench.claim(BLUE, cost="101", currency="USD")
    bench.claim(RED, cost="1", currency="CHF")
    assert bench.round() == []
    told = {one.partner: one for one in bench.shown().suppliers}
    assert (told["Red"].gradable, told["Red"].cost, told["Red"].without_rate) == (
        False,
        None,
        ("CHF",),
    )
    rates = (Rate(currency="USD", month="2026-01", rate=Decimal("0.9")),)
    save_rates(bench.transactions, SaveRates(idempotency_key="k", rates=rates))
    assert bench.round() == [(1, GOOD, (FAIR, POOR))]
    told = {one.partner: one for one in bench.shown().suppliers}
    assert (told["Blue"].cost, told["Blue"].gradable) == (Decimal("90.9"), True)
    bench.claim(BLUE, cost="1", currency="GBP")
    assert bench.round() == []
    assert {one.partner: one.category for one in bench.shown().suppliers} == {
        "Blue": "Suppliers / Good",
        "Red": "",
    }
    grades = [{**grade, "most_cost": None} for grade in GRADES]
    bench.save(id=1, version=1, grades=grades)
    assert bench.round() == [(1, FAIR, (GOOD, POOR)), (2, GOOD, (FAIR, POOR))]


def test_R5_a_supplier_leaves_a_category_that_the_grading_lost(bench: GradesBench) -> None:
    bench.save()
    bench.claim(BLUE)
    bench.round()
    bench.save(id=1, version=1, grades=[{"category_id": FAIR, "most_cases": 2}, GRADES[-1]])
    assert bench.round() == [(1, FAIR, (GOOD, POOR))]


def test_R5_a_grading_that_is_not_active_grades_nobody(bench: GradesBench) -> None:
    bench.save(active=False)
    bench.claim(BLUE)
    assert bench.round() == []
    bench.save(id=1, version=1, active=True)
    assert len(bench.round()) == 1


def test_R5_facts_that_wait_to_be_made_anew_change_no_grade(bench: GradesBench) -> None:
    bench.save()
    bench.claim(BLUE)
    with bench.transactions.database.write() as connection:
        connection.execute(rebuild.update().values(wanted=True))
    assert bench.round() == []
    with bench.transactions.database.write() as connection:
        store.rebuild_is_done(connection)
    assert len(bench.round()) == 1


def test_R5_the_table_tells_figures_and_what_keeps_from_a_better_grade(
    bench: GradesBench,
) -> None:
    bench.save()
    answered = {"responded_at": datetime(2026, 7, 14, 18, tzinfo=UTC)}
    for cost in ("20", "0.5", "0"):
        bench.claim(BLUE, cost=cost, **answered)
    bench.claim(RED)
    bench.round()
    shown = bench.shown()
    assert shown.categories == ("Suppliers / Good", "Suppliers / Fair", "Suppliers / Poor")
    red, blue = shown.suppliers
    assert (red.partner, red.category, red.kept_from) == ("Red", "Suppliers / Good", None)
    assert (blue.count, blue.cost, blue.average_hours_to_respond) == (3, Decimal("20.50"), 6.0)
    assert (blue.category_id, blue.category, blue.since) == (POOR, "Suppliers / Poor", JULY)
    assert blue.kept_from is not None
    assert (blue.kept_from.category, blue.kept_from.limits) == ("Suppliers / Fair", ("most_cases",))
    newest, first = shown.changes
    assert (newest.partner, newest.before, newest.after) == ("Red", None, "Suppliers / Good")
    assert first.reason == "3 cases, where Suppliers / Fair allows 2"
    bench.claim(RED)
    bench.round(AUGUST)
    change = bench.shown().changes[0]
    assert (change.before, change.after, change.at) == (
        "Suppliers / Good",
        "Suppliers / Fair",
        AUGUST,
    )


def test_R5_the_same_command_saves_once(bench: GradesBench) -> None:
    fields = {"name": "Quality", "kind": "claim", "grades": GRADES}
    command = SaveGrading(idempotency_key="one", actor_id=1, fields=fields)
    first = save_grading(bench.transactions, command)
    assert save_grading(bench.transactions, command) == first
    assert bench.save(id=1, version=1, months=12).version == 1  # nothing new
    assert bench.save(id=1, version=1, months=6).version == 2
    with pytest.raises(StaleVersion):
        bench.save(id=1, version=1, months=7)
    with pytest.raises(InvalidRequest, match="version"):
        bench.save(id=1, months=7)
    with pytest.raises(NotFound):
        bench.save(id=2, version=1, months=7)
    with pytest.raises(InvalidRequest, match="name: grading 1"):
        bench.save(grades=[{"category_id": 99}])


def test_R5_a_deleted_grading_grades_nobody_and_is_forgotten(bench: GradesBench) -> None:
    bench.save()
    bench.claim(BLUE)
    bench.round()
    bench.save(id=1, version=1, months=6)
    with pytest.raises(StaleVersion):
        delete_grading(bench.transactions, DeleteGrading(idempotency_key="a", id=1, version=1))
    for _ in range(2):
        delete_grading(bench.transactions, DeleteGrading(idempotency_key="b", id=1, version=2))
    bench.claim(BLUE)
    assert bench.round() == []
    with pytest.raises(NotFound):
        bench.shown()
