"""Reports that are mailed, as the API takes and answers them."""

from __future__ import annotations

from pydantic import Field

from services.contracts.envelope import Part
from services.web.api.schemas.base import Given, Version
from services.web.report_mails.recipients import MOST
from services.web.report_mails.schedule import Rhythm
from services.web.report_mails.store import LONGEST_NAME, ReportMail
from services.web.saved_filters import LONGEST_QUESTION

QUESTION = "The query string of the report's page, such as by=month&figure=count&shape=line"
RECIPIENTS = "Mail addresses; none is the owner's own, and only managers may name others"
WEEKDAY = "0 is Monday; counts for a weekly one"
MONTH_DAY = "Counts for a monthly one; a shorter month has its turn on its last day"
HOUR = "On the clock of the owner's time zone"


class NewReportMail(Given):
    """A report to mail regularly."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    question: str = Field(default="", max_length=LONGEST_QUESTION, description=QUESTION)
    recipients: list[str] = Field(default=[], max_length=MOST, description=RECIPIENTS)
    rhythm: Rhythm
    weekday: int = Field(default=0, ge=0, le=6, description=WEEKDAY)
    month_day: int = Field(default=1, ge=1, le=31, description=MONTH_DAY)
    hour: int = Field(ge=0, le=23, description=HOUR)
    active: bool = True


class ReportMailChange(Given):
    """Changes to a report that is mailed; a field left out stays."""

    version: Version
    name: str = Field(default="", min_length=1, max_length=LONGEST_NAME)
    question: str = Field(default="", max_length=LONGEST_QUESTION, description=QUESTION)
    recipients: list[str] = Field(default=[], max_length=MOST, description=RECIPIENTS)
    rhythm: Rhythm = "daily"
    weekday: int = Field(default=0, ge=0, le=6, description=WEEKDAY)
    month_day: int = Field(default=1, ge=1, le=31, description=MONTH_DAY)
    hour: int = Field(default=0, ge=0, le=23, description=HOUR)
    active: bool = True


class ReportMailList(Part):
    """Reports that are mailed, by name, and the cursor of the next page."""

    items: list[ReportMail]
    next: str | None = None
