"""What the grades of a grading allow, and what keeps a supplier from a better one."""

from __future__ import annotations

from services.contracts.grades import Grade, Grading, Limit, Supplier
from services.web.pages.moments import amount, hours
from services.web.translation import gettext, ngettext


def limit_words(grade: Grade, currency: str) -> list[str]:
    """What the grade allows at most; nothing for one without limits."""
    words = []
    if grade.most_cases is not None:
        words.append(ngettext("at most %(num)s case", "at most %(num)s cases", grade.most_cases))
    if grade.most_cost is not None:
        words.append(
            gettext("a cost of at most %(amount)s", amount=amount(grade.most_cost, currency))
        )
    if grade.most_hours_to_respond is not None:
        told = hours(grade.most_hours_to_respond)
        words.append(gettext("a first answer after %(hours)s on average", hours=told))
    return words


def why_words(supplier: Supplier, grading: Grading) -> list[str]:
    """Why he has no better grade; nothing for one who keeps all limits of the best."""
    if not supplier.gradable:
        without = ", ".join(supplier.without_rate)
        return [gettext("not graded: there is no rate for %(currencies)s", currencies=without)]
    if supplier.kept_from is None:
        return []
    better = next(
        (one for one in grading.grades if one.category_id == supplier.kept_from.category_id), None
    )
    if better is None:
        return []
    return [
        gettext(
            "%(found)s, where %(grade)s allows %(most)s",
            found=_found(limit, supplier, grading),
            grade=supplier.kept_from.category,
            most=_most(limit, better, grading),
        )
        for limit in supplier.kept_from.limits
    ]


def _found(limit: Limit, supplier: Supplier, grading: Grading) -> str:
    if limit == "most_cases":
        return ngettext("%(num)s case", "%(num)s cases", supplier.count)
    if limit == "most_cost":
        return amount(supplier.cost, grading.currency)
    return hours(supplier.average_hours_to_respond)


def _most(limit: Limit, grade: Grade, grading: Grading) -> str:
    if limit == "most_cases":
        return f"{grade.most_cases}"
    if limit == "most_cost":
        return amount(grade.most_cost, grading.currency)
    return hours(grade.most_hours_to_respond)
