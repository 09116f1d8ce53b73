"""Reports that are there from the start: links at the top of the page."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import url_for

from services.contracts.directory import Kind
from services.web.pages.report_question import USUAL_CUTS, Pairs
from services.web.report_figures import USUAL
from services.web.translation import gettext

QUALITY_KINDS = ("quality", "claim")
SALES_KIND = "opportunity"
_A_YEAR = ("period", "last_12_months")


def ready_reports(kinds: Sequence[Kind]) -> list[tuple[str, str]]:
    """The name and address of each; some ask for a kind of case, where there is such a one."""
    known = {kind.code for kind in kinds if kind.active}
    quality = next((code for code in QUALITY_KINDS if code in known), None)
    found = [
        (gettext("Helpdesk analysis"), _pairs(USUAL_CUTS, USUAL)),
        (
            gettext("Team performance"),
            _pairs(
                ("user",),
                (
                    *("count", "closed", "average_hours_to_close", "median_hours_to_close"),
                    *("average_hours_to_respond", "reopen_share"),
                ),
            ),
        ),
        (gettext("Pipeline"), _pipeline(SALES_KIND if SALES_KIND in known else None)),
        (
            gettext("Service levels"),
            _pairs(
                ("section",),
                (
                    *("count", "within_deadline_share", "within_response_deadline_share"),
                    "p90_hours_to_close",
                ),
            ),
        ),
    ]
    if quality is not None:
        figures = ("count", "estimated_cost", "average_hours_to_respond")
        pairs = [*_pairs(("partner",), figures), ("kind", quality)]
        found.insert(3, (gettext("Supplier quality"), pairs))
    return [(name, f"{url_for('report.show')}?{urlencode(pairs)}") for name, pairs in found]


def _pairs(by: Sequence[str], figures: Sequence[str]) -> Pairs:
    return [*(("by", cut) for cut in by), *(("figure", code) for code in figures), _A_YEAR]


def _pipeline(kind: str | None) -> Pairs:
    pairs = [*_pairs(("month",), ("weighted_revenue", "count")), ("column", "state")]
    pairs += [("view", "graph"), ("shape", "stacked")]
    return [*pairs, ("kind", kind)] if kind else pairs
