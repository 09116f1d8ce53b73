"""All SQL about the rates of currencies."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Connection, delete, select, update

from services.contracts.reports import Rate, Rates
from services.reporting.tables import main_currency, rates


def read_rates(connection: Connection) -> Rates:
    """The table of rates, by currency and month."""
    main = connection.execute(select(main_currency)).one()
    rows = connection.execute(select(rates).order_by(rates.c.currency, rates.c.month))
    found = [Rate(currency=row.currency, month=row.month, rate=Decimal(row.rate)) for row in rows]
    return Rates(main=main.currency, rates=tuple(found), version=main.version)


def replace_rates(connection: Connection, new: Rates) -> bool:
    """Put this table of rates, of the version behind that of `new`, into its place.

    False where another version stands there.
    """
    t = main_currency
    statement = update(t).where(t.c.version == new.version)
    done = connection.execute(statement.values(currency=new.main, version=new.version + 1))
    if not done.rowcount:
        return False
    connection.execute(delete(rates))
    rows = [
        {"currency": rate.currency, "month": rate.month, "rate": str(rate.rate)}
        for rate in new.rates
    ]
    if rows:
        connection.execute(rates.insert(), rows)
    return True
