"""What a predefined mail says of a real case, shown beside the form it is written in."""

from __future__ import annotations

from dataclasses import dataclass

from services.contracts.directory import PreviewTemplate
from services.contracts.errors import InvalidRequest, NotFound
from services.web.pages.form import Form
from services.web.pages.refusal_words import as_sentence, error_words
from services.web.translation import gettext
from services.web.wiring import wired


@dataclass(frozen=True)
class Preview:
    """The mail as it would go out, or the reason why it cannot."""

    number: int | None = None
    subject: str = ""
    text: str = ""
    problem: str = ""


def preview_of(form: Form, at: str = "") -> Preview:
    """Of the template chosen in the form, or of the subject and text written there."""
    number = form.number("preview_number", 1)
    if number is None:
        return Preview(problem=gettext("Write the number of a case beside it."))
    try:
        subject, text = _written(form, at)
        question = PreviewTemplate(number=number, subject=subject, text=text)
        filled = wired().templates.preview(question)
    except (InvalidRequest, NotFound) as error:
        return Preview(number, problem=as_sentence(error_words(error)))
    return Preview(number, filled.subject, filled.text)


def _written(form: Form, at: str) -> tuple[str, str]:
    template_id = form.number(f"{at}template_id")
    if template_id is not None:
        template = wired().templates.get(template_id)
        return template.subject, template.text
    subject = form.text(f"{at}subject") or ""
    text = form.text(f"{at}text") or ""
    if len(subject) > 500 or len(text) > 50_000:
        raise InvalidRequest("text", "at most 500 characters of subject and 50000 of text")
    return subject, text
