"""From a figure of a report to the list of the very cases behind it (R4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from urllib.parse import urlencode

from flask import url_for

from services.contracts.directory import Kind
from services.contracts.reports import CUSTOM, Report, ReportQuestion, ReportRow
from services.web.pages.case_question import COUNTED, NOBODY, NONE
from services.web.pages.report_period import days_of_row
from services.web.pages.words import CLOSED
from services.web.report_figures import Figure
from services.web.report_table import Key, key_of

Pairs = list[tuple[str, str]]
PARTNER_CATEGORY = "partner_category"


class CaseLinks:
    """Addresses of lists for the rows of one report."""

    def __init__(self, question: ReportQuestion, report: Report, kinds: Sequence[Kind]) -> None:
        self._question = question
        self._kinds = kinds
        every = tuple((*question.by, *question.columns))
        self._rows: dict[tuple[str, ...], Counter[Key]] = {}
        for cuts, rows in (
            (every, report.rows),
            (question.by, report.row_totals),
            (question.columns, report.column_totals),
            ((), report.totals),
        ):
            self._rows.setdefault(cuts, Counter(key_of(row, cuts) for row in rows))

    def of(self, row: ReportRow | None, cuts: tuple[str, ...], figure: Figure) -> str | None:
        """The list of the cases that a figure of this row tells of, with how many there are.

        None where there are none, or where no list shows just these: no list keeps currencies
        apart.
        """
        if row is None or not figure.value(row) or self._rows[cuts][key_of(row, cuts)] > 1:
            return None
        custom = self._custom(row, cuts)
        if custom is None:
            return None
        pairs = [*self._days(row), *self._plain(row, cuts), *self._of_partners(row, cuts), *custom]
        if figure.of_closed and not any(name == "state" for name, _ in pairs):
            pairs += [("state", state) for state in CLOSED]
        pairs.append(COUNTED)
        return f"{url_for('case_list.show')}?{urlencode(pairs)}"

    def _days(self, row: ReportRow) -> Pairs:
        first, last = days_of_row(row)
        asked = self._question
        day_from = max(_known(first, asked.date_from), default=None)
        day_to = min(_known(last, asked.date_to), default=None)
        days = (("created_from", day_from), ("created_to", day_to))
        return [(name, day.isoformat()) for name, day in days if day is not None]

    def _plain(self, row: ReportRow, cuts: Iterable[str]) -> Pairs:
        asked, found = self._question, []
        for cut in ("section", "category", "partner"):
            if cut in cuts:
                id = getattr(row, f"{cut}_id")
                found.append((f"{cut}_id", NONE if id is None else str(id)))
                if id is not None and cut != "partner":
                    found.append(("exact", cut))
            elif (id := getattr(asked, f"{cut}_id")) is not None:
                found.append((f"{cut}_id", str(id)))
        if "user" in cuts:
            user = NOBODY if row.user_id is None else str(row.user_id)
            found.append(("responsible_id", user))
        elif asked.responsible_id is not None:
            found.append(("responsible_id", str(asked.responsible_id)))
        for cut in ("state", "kind", "priority"):
            value = row.cell(cut) if cut in cuts else getattr(asked, cut)
            if value is not None:
                found.append((cut, value))
        return found

    def _of_partners(self, row: ReportRow, cuts: Iterable[str]) -> Pairs:
        """The category of the row and the one asked for: a case may have to have both."""
        ids = [str(one) for one in (self._question.partner_category_id,) if one is not None]
        if PARTNER_CATEGORY in cuts:
            id = row.partner_category_id
            ids = [NONE if id is None else str(id), *ids]
        return [(f"{PARTNER_CATEGORY}_id", one) for one in dict.fromkeys(ids)]

    def _custom(self, row: ReportRow, cuts: Iterable[str]) -> Pairs | None:
        """The custom fields asked for, with their kind; None where no list knows them."""
        held = dict(self._question.custom)
        for cut in cuts:
            if cut.startswith(CUSTOM):
                code = cut.removeprefix(CUSTOM)
                held[code] = row.custom_values.get(code, "")
        if not held:
            return []
        pairs = [(CUSTOM + code, value) for code, value in held.items()]
        if "kind" in cuts or self._question.kind is not None:
            kind = row.kind or self._question.kind
            known = {f.code for one in self._kinds if one.code == kind for f in one.fields}
            return pairs if all(held.values()) and set(held) <= known else None
        having = [one for one in self._kinds if {f.code for f in one.fields} & set(held)]
        if len(having) != 1 or not all(held.values()):
            return None
        return [("kind", having[0].code), *pairs]


def _known(*days: date | None) -> list[date]:
    return [day for day in days if day is not None]
