"""The texts that the script of the calendar needs, in the language of the page.

Names of months and weekdays are the browser's own, by `lang` of the page.
"""

from __future__ import annotations

import json

from services.web.pages.script_words import plural_forms
from services.web.translation import gettext, ngettext, pgettext


def calendar_words() -> str:
    """All of them as JSON, for `data-words` of the calendar.

    A text that counts is as in `script_words`; $0 stands where FullCalendar puts a view or a day.
    `before`, `behind` and `now` are hints of buttons, by the unit that the view shows.
    """
    words = {
        "buttons": {
            "today": gettext("Today"),
            "month": gettext("Month"),
            "week": gettext("Week"),
            "day": gettext("Day"),
            "list": pgettext("view of a calendar", "Agenda"),
        },
        "before": {
            "month": gettext("Previous month"),
            "week": gettext("Previous week"),
            "day": gettext("Previous day"),
        },
        "behind": {
            "month": gettext("Next month"),
            "week": gettext("Next week"),
            "day": gettext("Next day"),
        },
        "now": {
            "month": gettext("This month"),
            "week": gettext("This week"),
            "day": gettext("Today"),
        },
        "view": gettext("%(view)s view", view="$0"),
        "go": gettext("Go to %(day)s", day="$0"),
        "week": pgettext("before the number of a week, short", "W"),
        "week_long": gettext("Week"),
        "all_day": pgettext("in a calendar", "all-day"),
        "more": plural_forms(_more),
        "show_more": plural_forms(_show_more),
        "nothing": gettext("No events to display"),
        "close": gettext("Close"),
        "time": gettext("Time"),
        "event": gettext("Event"),
        "away": gettext("The calendar cannot be reached just now; try again."),
        "too_many": gettext("There are more than are shown; narrow the filter."),
    }
    return json.dumps(words, ensure_ascii=False)


def _more(count: int, shown: object) -> str:
    return ngettext("+%(count)s more", "+%(count)s more", count, count=shown)


def _show_more(count: int, shown: object) -> str:
    return ngettext("Show %(count)s more event", "Show %(count)s more events", count, count=shown)
