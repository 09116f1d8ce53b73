"""The words for reports that are mailed on a schedule."""

from __future__ import annotations

from services.web.pages import moments
from services.web.pages.word_table import Words
from services.web.report_mails.schedule import Schedule
from services.web.translation import gettext, gettext_noop, pgettext_noop

RHYTHMS = Words(
    {
        "daily": pgettext_noop("how often", "Every day"),
        "weekly": pgettext_noop("how often", "Every week"),
        "monthly": pgettext_noop("how often", "Every month"),
    }
)
PROBLEMS = Words(
    {
        "waits": gettext_noop("It could not be sent yet: it is tried again soon."),
        "inactive": gettext_noop("It was switched off, as its owner is no longer active."),
        "question": gettext_noop(
            "It was switched off, as its report is refused: open the report and set it anew."
        ),
        "recipients": gettext_noop(
            "It was switched off, as its owner may not send reports to others any more."
        ),
        "no_address": gettext_noop("It was switched off, as its owner has no mail address."),
    }
)


def schedule_words(schedule: Schedule) -> str:
    """When it is mailed: "Every Monday at 08:00"."""
    time = f"{schedule.hour:02}:00"
    match schedule.rhythm:
        case "daily":
            return gettext("Every day at %(time)s", time=time)
        case "weekly":
            day = moments.weekday(schedule.weekday)
            return gettext("Every %(weekday)s at %(time)s", weekday=day, time=time)
        case _:
            day = str(schedule.month_day)
            return gettext("On day %(day)s of every month at %(time)s", day=day, time=time)
