"""What revision 0010 writes for the cases that are there already, in one statement.

It only reads the cases, so nobody who works with them waits for it. A case that was merged into
another is in no list. Of what an older release still changes beside it the table hears nothing;
such a case is written anew when its partner, or what he is in, changes the next time.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_FILL = (
    "INSERT INTO case_partner_categories (category_id, case_number)"
    " SELECT DISTINCT CAST(one.value AS INTEGER), cases.number FROM cases, {each} AS one{column}"
    " WHERE cases.merged_into IS NULL"
)
_STATEMENTS = {
    "sqlite": _FILL.format(each="json_each(cases.snapshot, '$.partner_categories')", column=""),
    "postgresql": _FILL.format(
        each="jsonb_array_elements_text(cases.snapshot -> 'partner_categories')",
        column="(value)",
    ),
}


def fill_partner_categories(connection: Connection) -> None:
    """Fill the categories of its partner that each case carries."""
    connection.execute(text(_STATEMENTS[connection.dialect.name]))
