"""The report itself: months by the asker's clocks, money to the last digit, present names."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from integration.reporting.case_stream import a_case, directory_events, event_of
from prometheus_client import REGISTRY

from services.contracts.cases import Ref
from services.contracts.directory import Category, CategoryChanged, User, UserChanged
from services.contracts.errors import InvalidRequest
from services.contracts.reading import read
from services.contracts.reports import Report, ReportQuestion, Seen
from services.messaging.transaction import Transactions
from services.reporting.actions.take_in import take_in
from services.reporting.queries import report
from services.runtime.identity import new_id


def asked(transactions: Transactions, *by: str, **question: Any) -> Report:
    with transactions.database.read() as connection:
        return Report.model_validate(report(connection, ReportQuestion(by=by, **question)))


def counts(answer: Report, dimension: str) -> dict[str, int]:
    return {getattr(row, dimension): row.count for row in answer.rows}


def events_counted() -> float:
    name = "casewire_reporting_events_total"
    return REGISTRY.get_sample_value(name, {"type": "case.created"}) or 0


@pytest.mark.parametrize(
    ("zone", "months"),
    [
        ("UTC", {"2026-02": 1, "2026-03": 2, "2026-10": 2}),
        ("Europe/Brussels", {"2026-03": 3, "2026-10": 1, "2026-11": 1}),
        ("America/Los_Angeles", {"2026-02": 1, "2026-03": 2, "2026-10": 2}),
        ("Asia/Kolkata", {"2026-03": 2, "2026-04": 1, "2026-10": 1, "2026-11": 1}),
    ],
)
def test_R1_months_begin_by_the_clocks_of_the_asker(
    transactions: Transactions, zone: str, months: dict[str, int]
) -> None:
    moments = [
        datetime(2026, 2, 28, 23, 30, tzinfo=UTC),  # winter: 1 March in Brussels
        datetime(2026, 3, 15, 12, 0, tzinfo=UTC),
        datetime(2026, 3, 31, 21, 59, tzinfo=UTC),  # summer: still March in Brussels
        datetime(2026, 10, 31, 12, 0, tzinfo=UTC),
        datetime(2026, 10, 31, 23, 0, tzinfo=UTC),  # winter again: November in Brussels
    ]
    cases = [a_case(101 + at, created_at=moment) for at, moment in enumerate(moments)]
    take_in(transactions, [event_of(case) for case in cases])
    assert counts(asked(transactions, "month", time_zone=zone), "month") == months


def test_R2_both_days_of_a_date_range_are_in_it(transactions: Transactions) -> None:
    hours = [datetime(2026, 3, 28, 22, tzinfo=UTC) + timedelta(hours=h) for h in range(36)]
    cases = [a_case(101 + at, created_at=moment) for at, moment in enumerate(hours)]
    take_in(transactions, [event_of(case) for case in cases])
    day = {"date_from": date(2026, 3, 29), "date_to": date(2026, 3, 29)}
    answer = asked(transactions, time_zone="Europe/Brussels", **day)
    assert [row.count for row in answer.rows] == [23]  # the day that has no 2 o'clock
    assert [row.count for row in asked(transactions, time_zone="UTC", **day).rows] == [24]
    behind = asked(transactions, date_from=date(2026, 3, 30), time_zone="Europe/Brussels")
    assert [row.count for row in behind.rows] == [36 - 1 - 23]


def test_R1_sums_of_money_are_exact(transactions: Transactions) -> None:
    tenth = {"estimated_revenue": Decimal("0.1"), "estimated_cost": Decimal("0.2"), "state": "done"}
    cases = [a_case(number, probability=33, **tenth) for number in range(101, 111)]
    cases += [a_case(number, estimated_revenue=Decimal("9.99")) for number in (201, 202)]
    cases += [a_case(301, estimated_revenue=Decimal(5), currency="USD", probability=50)]
    take_in(transactions, [event_of(case) for case in cases])
    euro, dollar = asked(transactions).rows
    assert (euro.currency, dollar.currency) == ("EUR", "USD")
    assert (euro.estimated_revenue, euro.estimated_cost) == (Decimal("20.98"), Decimal("2.0"))
    assert euro.weighted_revenue == Decimal("0.33")  # without a probability nothing is expected
    assert (dollar.estimated_revenue, dollar.weighted_revenue) == (Decimal(5), Decimal("2.5"))


def test_R1_sums_beyond_64_bits_are_exact(transactions: Transactions) -> None:
    most = Decimal("922337203685477.5807")
    cases = [
        a_case(number, estimated_revenue=most, estimated_cost=-most, probability=99)
        for number in range(101, 121)
    ]
    take_in(transactions, [event_of(case) for case in cases])
    (row,) = asked(transactions).rows
    assert (row.estimated_revenue, row.estimated_cost) == (20 * most, -20 * most)
    assert row.weighted_revenue == most * 20 * 99 / 100


def test_R1_the_delay_to_close_is_that_of_the_closed_cases(transactions: Transactions) -> None:
    noon = a_case(1).created_at
    closed = [
        a_case(101, state="done", closed_at=noon + timedelta(hours=1)),
        a_case(102, state="cancelled", closed_at=noon + timedelta(hours=4)),
    ]
    take_in(transactions, [event_of(case) for case in (*closed, a_case(103))])
    (row,) = asked(transactions).rows
    assert (row.count, row.closed, row.average_hours_to_close) == (3, 2, 2.5)
    take_in(transactions, [event_of(a_case(number, version=2)) for number in (101, 102)])
    (row,) = asked(transactions).rows
    assert (row.count, row.closed, row.average_hours_to_close) == (3, 0, None)


def test_R1_rows_go_by_present_names_in_a_sensible_order(transactions: Transactions) -> None:
    at = a_case(1).created_at
    renamed = User(id=1, login="ann", name="Ann Married", version=2)
    cases = [
        a_case(101, responsible=Ref(id=1, name="Ann")),
        a_case(102, responsible=Ref(id=1, name="Ann Married"), state="draft"),
        a_case(103, responsible=Ref(id=2, name="bea")),
        a_case(104),
    ]
    first = [event_of(case) for case in cases]
    take_in(transactions, [*first, UserChanged(id=new_id(), occurred_at=at, data=renamed)])
    rows = asked(transactions, "user", "state").rows
    assert [(row.user, row.user_id, row.state) for row in rows] == [
        ("", None, "open"),
        ("Ann Married", 1, "draft"),
        ("Ann Married", 1, "open"),
        ("bea", 2, "open"),
    ]
    assert rows[0].section is None and rows[0].month is None


def test_K9_a_report_is_cut_by_a_custom_field_numbers_by_size_persons_by_name(
    transactions: Transactions,
) -> None:
    held: list[dict[str, Any]] = [
        {"weight": 100, "expert": {"id": 7, "name": "Zoe"}},
        {"weight": 12.5, "expert": {"id": 8, "name": "Ann"}},
        {"weight": 12.5},
        {},
    ]
    cases = [a_case(101 + at, custom=custom) for at, custom in enumerate(held)]
    take_in(transactions, [event_of(case) for case in cases])
    rows = asked(transactions, "custom.weight").rows
    assert [(row.custom["weight"], row.count) for row in rows] == [("", 1), ("12.5", 2), ("100", 1)]
    rows = asked(transactions, "custom.expert").rows
    told = [(row.custom["expert"], row.custom_values["expert"]) for row in rows]
    assert told == [("", ""), ("Ann", "8"), ("Zoe", "7")]
    zoe = User(id=7, login="zoe", name="Abigail", version=2)
    take_in(transactions, [UserChanged(id=new_id(), occurred_at=datetime.now(UTC), data=zoe)])
    rows = asked(transactions, "custom.expert").rows
    assert [row.custom["expert"] for row in rows] == ["", "Abigail", "Ann"]


def test_K9_a_report_counts_only_cases_with_that_custom_field(transactions: Transactions) -> None:
    held: list[dict[str, Any]] = [{"weight": 3}, {"weight": 30}, {"expert": {"id": 3, "name": "Z"}}]
    cases = [a_case(101 + at, custom=custom) for at, custom in enumerate(held)]
    take_in(transactions, [event_of(case) for case in cases])
    questions: list[dict[str, str]] = [{"weight": "3"}, {"expert": "3"}, {"weight": ""}, {"x": "1"}]
    found = [sum(row.count for row in asked(transactions, custom=one).rows) for one in questions]
    assert found == [1, 1, 1, 0]


def test_R1_a_category_goes_by_its_newest_path(transactions: Transactions) -> None:
    def told(path: str, version: int, tree: str = "category") -> CategoryChanged:
        node = {"id": 7, "name": "Print", "path": path, "version": version, "tree": tree}
        data = Category.model_validate(node)
        return CategoryChanged(id=new_id(), occurred_at=datetime.now(UTC), data=data)

    case = a_case(101, category=Ref(id=7, name="Print"))
    newest, older = told("Fault / Print", 2), told("Faults / Print", 1)
    other = told("Gold", 9, "partner_category")
    take_in(transactions, [event_of(case), newest, older, other])
    assert counts(asked(transactions, "category"), "category") == {"Fault / Print": 1}


def test_R1_what_has_no_name_yet_goes_by_its_number(transactions: Transactions) -> None:
    event = event_of(a_case(101, partner=Ref(id=7, name="Agrolait")))
    bare = event.model_copy(update={"data": event.data.model_copy(update={"changes": ()})})
    take_in(transactions, [bare])
    assert counts(asked(transactions, "partner"), "partner") == {"#7": 1}


def test_R2_a_section_counts_with_all_below_it_as_the_tree_stands_now(
    transactions: Transactions,
) -> None:
    cases = [a_case(100 + id, section=Ref(id=id, name=f"section {id}")) for id in (1, 2, 3)]
    take_in(transactions, [event_of(case) for case in cases])
    assert counts(asked(transactions, "section", section_id=2), "section") == {"section 2": 1}
    take_in(transactions, directory_events())  # 3 lies below 2 now, no longer below 1
    found = counts(asked(transactions, "section", section_id=2), "section")
    assert found == {"Engineers": 1, "Support": 1}
    assert counts(asked(transactions, "section", section_id=1), "section") == {"section 1": 1}


def test_R1_with_nothing_taken_in_the_report_is_empty(transactions: Transactions) -> None:
    assert asked(transactions, "month", "user") == Report(rows=(), as_of=0)


@pytest.mark.parametrize("cut", ["custom.", "custom.A", "custom.a b", "weight"])
def test_K9_what_names_no_custom_field_is_refused(cut: str) -> None:
    with pytest.raises(InvalidRequest, match="by"):
        read(ReportQuestion, {"by": [cut]})


def test_R2_what_cannot_be_asked_is_refused_by_field(transactions: Transactions) -> None:
    with pytest.raises(InvalidRequest, match="time_zone: 'Mars/Base' is no time zone"):
        asked(transactions, time_zone="Mars/Base")
    with pytest.raises(InvalidRequest, match="date_to: must not be before date_from"):
        asked(transactions, date_from=date(2026, 2, 2), date_to=date(2026, 2, 1))


def test_R1_a_bad_event_fails_alone(transactions: Transactions) -> None:
    bad = event_of(a_case(102, estimated_cost=Decimal("-1e15")))
    batch = [event_of(a_case(101)), bad, event_of(a_case(103))]
    (failure,) = take_in(transactions, batch)
    assert failure.message is bad and "smaller amount" in str(failure.error)
    assert asked(transactions).rows[0].count == 2


def test_R1_an_event_is_counted_once_however_often_it_comes(transactions: Transactions) -> None:
    before = events_counted()
    events = [event_of(a_case(101)), event_of(a_case(102))]
    take_in(transactions, [events[0], events[0]])
    take_in(transactions, events)
    bad = event_of(a_case(103, estimated_cost=Decimal("1e15")))
    take_in(transactions, [*events, bad])
    assert events_counted() - before == 2
    assert asked(transactions).as_of == 2


def test_O3_what_the_asker_may_not_see_does_not_count(transactions: Transactions) -> None:
    north, south = Ref(id=2, name="North"), Ref(id=3, name="South")
    eve, bob = Ref(id=5, name="Eve"), Ref(id=6, name="Bob")
    cases = [
        a_case(101, section=north, section_path=(2,), responsible=bob),
        a_case(102, section=south, section_path=(3,), responsible=bob),
        a_case(103, section=south, section_path=(3,), responsible=eve),
        a_case(104, section=None, section_path=(), responsible=None),
    ]
    take_in(transactions, [event_of(case) for case in cases])
    assert sum(row.count for row in asked(transactions, "state").rows) == 4
    seen = Seen(section_ids=(2,), responsible_id=5)
    answer = asked(transactions, "section", seen=seen)
    assert counts(answer, "section") == {"North": 1, "South": 1}
    assert asked(transactions, "state", seen=seen, section_id=4).rows == ()
