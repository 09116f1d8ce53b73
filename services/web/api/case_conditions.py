"""From the conditions of a query to the question that the cases service is asked."""

from __future__ import annotations

from services.contracts.case_commands import CaseQuestion
from services.web.api.schemas.cases import CaseConditions, custom_asked

SEVERAL = ("state", "exact", "without")  # several values go with commas between
NO_CONDITION = {"sort", "cursor", "limit", "by", "then"}


def question_of(given: CaseConditions) -> CaseQuestion:
    """The question, in the order that lists have by themselves."""
    asked = given.model_dump(exclude=NO_CONDITION)
    for name in SEVERAL:
        asked[name] = asked[name].split(",") if asked[name] else ()
    asked["custom"] = custom_asked(given.custom)
    return CaseQuestion.model_validate(asked)
