"""Money of several currencies: never added raw, turned into one by the rate of its month (R1)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from integration.reporting.case_stream import a_case, event_of

from services.contracts.errors import InvalidRequest, StaleVersion
from services.contracts.reports import Rate, Report, ReportQuestion, SaveRates
from services.messaging.transaction import Transactions
from services.reporting.actions.save_rates import save_rates
from services.reporting.actions.take_in import take_in
from services.reporting.queries import report
from services.reporting.rates import read_rates

JUNE, JULY = datetime(2026, 6, 30, 23, tzinfo=UTC), datetime(2026, 7, 14, tzinfo=UTC)


def saved(transactions: Transactions, *rates: tuple[str, str, str], version: int = 0) -> None:
    table = tuple(Rate(currency=one, month=month, rate=Decimal(rate)) for one, month, rate in rates)
    save_rates(transactions, SaveRates(idempotency_key="k", rates=table, version=version))


def asked(transactions: Transactions, **question: Any) -> Report:
    with transactions.database.read() as connection:
        return Report.model_validate(report(connection, ReportQuestion(**question)))


def cost(number: int, amount: str, currency: str, at: datetime = JULY, **more: Any) -> Any:
    money = {"estimated_cost": Decimal(amount), "currency": currency, "created_at": at}
    return event_of(a_case(number, **money, **more))


def test_R1_currencies_are_not_added_unless_one_is_asked_for(transactions: Transactions) -> None:
    take_in(transactions, [cost(101, "10", "EUR"), cost(102, "20", "USD")])
    told = asked(transactions, by=("kind",))
    assert [(row.currency, row.count, row.estimated_cost) for row in told.rows] == [
        ("EUR", 1, Decimal(10)),
        ("USD", 1, Decimal(20)),
    ]
    assert len(told.totals) == 2


def test_R1_money_is_turned_by_the_rate_of_the_month_of_its_case(
    transactions: Transactions,
) -> None:
    saved(transactions, ("USD", "2026-01", "0.9"), ("USD", "2026-07", "0.8"))
    events = [cost(101, "10", "EUR"), cost(102, "100", "USD"), cost(103, "100", "USD", JUNE)]
    take_in(transactions, [*events, cost(104, "1", "USD", responded_at=JULY)])
    (row,) = asked(transactions, by=("kind",), currency="EUR").rows
    assert (row.count, row.estimated_cost) == (4, Decimal("10") + 80 + 90 + Decimal("0.8"))
    # By the clocks of Brussels the case of June was opened in July.
    (there,) = asked(transactions, by=(), currency="EUR", time_zone="Europe/Brussels").rows
    assert there.estimated_cost == Decimal("10") + 80 + 80 + Decimal("0.8")
    (dollars,) = asked(transactions, by=("year",), currency="USD").rows
    assert dollars.estimated_cost == Decimal("213.5")  # 10 / 0.8 + 100 + 100 + 1
    weeks = asked(transactions, by=("week",), currency="EUR").rows
    assert [(row.week, row.estimated_cost) for row in weeks] == [
        ("2026-W27", Decimal(90)),
        ("2026-W29", Decimal("90.8")),
    ]


def test_R1_what_has_no_rate_stays_in_its_own_currency_and_is_named(
    transactions: Transactions,
) -> None:
    saved(transactions, ("USD", "2026-07", "0.8"))
    free = event_of(a_case(104, currency="GBP"))
    events = [cost(101, "10", "EUR"), cost(102, "5", "USD", JUNE), cost(103, "5", "CHF"), free]
    take_in(transactions, events)
    told = asked(transactions, by=("kind",), currency="EUR", percentiles=True)
    assert told.without_rate == ("CHF", "USD")
    assert [(row.currency, row.count, row.estimated_cost) for row in told.rows] == [
        ("CHF", 1, Decimal(5)),
        ("EUR", 2, Decimal(10)),  # what costs nothing needs no rate
        ("USD", 1, Decimal(5)),
    ]


def test_R1_the_table_of_rates_is_saved_as_a_whole_by_whoever_read_it_last(
    transactions: Transactions,
) -> None:
    saved(transactions, ("USD", "2026-07", "0.8"), ("CHF", "2026-01", "1.05"))
    saved(transactions, ("CHF", "2026-01", "1.050"), ("USD", "2026-07", "0.80"))  # nothing new
    with transactions.database.read() as connection:
        table = read_rates(connection)
    assert [(one.currency, one.month, one.rate) for one in table.rates] == [
        ("CHF", "2026-01", Decimal("1.05")),
        ("USD", "2026-07", Decimal("0.8")),
    ]
    assert (table.main, table.version) == ("EUR", 1)
    with pytest.raises(StaleVersion):
        saved(transactions, ("USD", "2026-07", "0.7"))
    saved(transactions, version=1)
    with transactions.database.read() as connection:
        assert read_rates(connection).rates == ()


@pytest.mark.parametrize(
    ("rates", "field"),
    [
        ([("EUR", "2026-07", "1")], "rates.0.currency"),
        ([("USD", "2026-07", "1"), ("USD", "2026-07", "2")], "rates.1.month"),
    ],
)
def test_R1_a_table_that_contradicts_itself_is_refused(
    transactions: Transactions, rates: list[tuple[str, str, str]], field: str
) -> None:
    with pytest.raises(InvalidRequest) as raised:
        saved(transactions, *rates)
    assert raised.value.field == field
