"""What the pages of list, board and graph have in common: the filters and what stands above."""

from __future__ import annotations

from typing import Any

from services.contracts.case_commands import CaseQuestion
from services.contracts.cases import UNCLOSED
from services.web.access.asking import asking_user
from services.web.pages.case_question import ME, SORTS, Asked
from services.web.pages.form import Form
from services.web.pages.views import present_question
from services.web.pages.words import STATES
from services.web.saved_filters import SavedFilter, filters_of, may_share
from services.web.translation import gettext
from services.web.wiring import wired


def question_context(form: Form, asked: Asked) -> dict[str, Any]:
    """The names that the templates of these pages need for the filters and the heading."""
    directory, present = wired().directory, present_question()
    kept = _kept_as(present)
    return {
        "asked": asked,
        "question": asked.question,
        "kept": kept,
        "present": present,
        "title": kept.name if kept else _title(asked),
        "errors": form.errors,
        "sorts": SORTS,
        "sections": directory.sections(),
        "users": directory.users(),
        "kinds": directory.kinds(),
        "categories": directory.categories(),
        "partner_categories": directory.partner_categories(),
        "kind_names": {kind.code: kind.name for kind in directory.kinds()},
        "may_share": may_share(asking_user()),
    }


def has_no_case() -> bool:
    """Whether this system is new; then the page says how the first case comes."""
    return not wired().cases.list_cases(CaseQuestion(limit=1)).items


def _kept_as(question: str) -> SavedFilter | None:
    """The saved filter that asks just this."""
    if not question:
        return None
    with wired().database.read() as connection:
        found = filters_of(connection, asking_user())
    return next((one for one in found if one.question == question), None)


def _title(asked: Asked) -> str:
    question, states = asked.question, set(asked.question.state)
    if asked.responsible == ME or question.responsible_id == asking_user().id:
        return gettext("My cases")
    if question.late:
        return gettext("Late cases")
    if states == set(UNCLOSED):
        return gettext("Active cases")
    if len(states) == 1:
        return gettext("%(state)s cases", state=STATES[question.state[0]])
    return gettext("Cases")
