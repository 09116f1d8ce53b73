"""Series of meetings as people set and read them: a rule of RFC 5545 §3.3.10 and its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.web.pages.moments import day, day_and_month, weekday
from services.web.pages.rule_words import and_list
from services.web.pages.word_table import Words
from services.web.translation import gettext, gettext_noop, ngettext

# The rules that the editor makes. What it cannot show stays as it is, under KEPT.
MODES = Words(
    {
        "DAILY": gettext_noop("Every day"),
        "WEEKDAYS": gettext_noop("Monday to Friday"),
        "WEEKLY": gettext_noop("Every week"),
        "MONTHLY": gettext_noop("Every month, same day"),
        "MONTHLY_NTH": gettext_noop("Every month, same weekday"),
        "MONTHLY_LAST": gettext_noop("Every month, last such weekday"),
        "YEARLY": gettext_noop("Every year"),
    }
)
KEPT = "KEPT"
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST_INTERVAL, MOST_COUNTED = 99, 1_000
BOX = "day."  # before the code of a weekday: the box that is ticked for it
_WORKING = ",".join(DAYS[:5])
# Which of the weekdays of a month.
_ORDINALS = Words(
    {
        "1": gettext_noop("first %(weekday)s"),
        "2": gettext_noop("second %(weekday)s"),
        "3": gettext_noop("third %(weekday)s"),
        "4": gettext_noop("fourth %(weekday)s"),
        "-1": gettext_noop("last %(weekday)s"),
    }
)
_NTH = re.compile(r"([1-4]|-1)(MO|TU|WE|TH|FR|SA|SU)")


class Weekdays(Mapping[str, str]):
    """The names of the weekdays by their codes, in the language of the page."""

    def __getitem__(self, code: str) -> str:
        return weekday(DAYS.index(code))

    def __iter__(self) -> Iterator[str]:
        return iter(DAYS)

    def __len__(self) -> int:
        return len(DAYS)


WEEKDAYS = Weekdays()


def repeat_choices(chosen: str | None) -> list[tuple[str, str]]:
    """What the editor offers; a rule that it does not make only where there is one."""
    kept = [(KEPT, gettext("By its own rule"))] if chosen == KEPT else []
    return [*MODES.items(), *kept]


class UnfitStart(ValueError):
    """The first meeting is on no day of such a series; its text says so."""


def editor_texts(rule: str, first: datetime, time_zone: str) -> dict[str, str]:
    """What the editor's fields hold for this rule, whose first meeting is at `first`."""
    texts = {"repeats": "", "interval": "1", "until": "", "count": ""}
    if not rule:
        return texts
    parts = _parts(rule)
    mode = _mode(parts)
    if mode is None:
        return {**texts, "repeats": KEPT}
    texts |= {"repeats": mode, "interval": parts.get("INTERVAL", "1")}
    texts["count"] = parts.get("COUNT", "")
    if "UNTIL" in parts:
        texts["until"] = _last_day(parts["UNTIL"], first, time_zone).isoformat()
    if mode == "WEEKLY":
        texts |= {BOX + code: "on" for code in parts.get("BYDAY", "").split(",") if code}
    return texts


def rule_of(texts: dict[str, str], first: datetime, time_zone: str) -> str:
    """The rule of what the editor's fields hold; empty for none.

    The fields are checked already. Raises UnfitStart.
    """
    mode = texts.get("repeats", "")
    if mode not in MODES:
        return ""
    parts = {"FREQ": {"WEEKDAYS": "WEEKLY"}.get(mode, mode.partition("_")[0])}
    if mode != "WEEKDAYS" and texts.get("interval", "1") not in ("", "1"):
        parts["INTERVAL"] = str(int(texts["interval"]))
    chosen = ",".join(code for code in DAYS if texts.get(BOX + code))
    begin = first.astimezone(ZoneInfo(time_zone or "UTC"))
    by_day = {"WEEKDAYS": _WORKING, "WEEKLY": chosen}.get(mode) or _which_weekday(mode, begin)
    if by_day:
        parts["BYDAY"] = by_day
    if texts.get("until"):
        parts["UNTIL"] = texts["until"].replace("-", "")
    elif texts.get("count"):
        parts["COUNT"] = str(int(texts["count"]))
    return ";".join(f"{name}={value}" for name, value in parts.items())


def sentence(rule: str, first: datetime, time_zone: str) -> str:
    """ "Every 2 weeks on Monday and Thursday, until 1 Mar 2027"; empty for no rule."""
    if not rule:
        return ""
    texts = editor_texts(rule, first, time_zone)
    if texts["repeats"] == KEPT:
        return gettext("By the rule %(rule)s", rule=rule)
    begin = first.astimezone(ZoneInfo(time_zone or "UTC"))
    told = _each(texts, begin)
    if texts["until"]:
        until = day(date.fromisoformat(texts["until"]))
        return gettext("%(series)s, until %(day)s", series=told, day=until)
    if texts["count"]:
        times = int(texts["count"])
        return ngettext("%(series)s, %(num)s time", "%(series)s, %(num)s times", times, series=told)
    return told


def _each(texts: dict[str, str], begin: datetime) -> str:
    n, mode = int(texts["interval"]), texts["repeats"]
    match mode:
        case "WEEKDAYS":
            return gettext("Every week from Monday to Friday")
        case "DAILY":
            return ngettext("Every day", "Every %(num)s days", n)
        case "WEEKLY":
            ticked = [WEEKDAYS[code] for code in DAYS if texts.get(BOX + code)]
            days = and_list(ticked or [weekday(begin.weekday())])
            return ngettext(
                "Every week on %(days)s", "Every %(num)s weeks on %(days)s", n, days=days
            )
        case "MONTHLY":
            return ngettext(
                "Every month on day %(day)s",
                "Every %(num)s months on day %(day)s",
                n,
                day=begin.day,
            )
        case "YEARLY":
            day_words = day_and_month(begin)
            return ngettext(
                "Every year on %(day)s", "Every %(num)s years on %(day)s", n, day=day_words
            )
        case _:
            which = "-1" if mode == "MONTHLY_LAST" else str((begin.day - 1) // 7 + 1)
            told = _ORDINALS.get(which, _ORDINALS["-1"]) % {"weekday": weekday(begin.weekday())}
            return ngettext(
                "Every month on the %(which)s",
                "Every %(num)s months on the %(which)s",
                n,
                which=told,
            )


def _which_weekday(mode: str, begin: datetime) -> str:
    code = DAYS[begin.weekday()]
    if mode == "MONTHLY_NTH":
        which = (begin.day - 1) // 7 + 1
        if str(which) not in _ORDINALS:  # a fifth one is not in every month
            raise UnfitStart(
                gettext("It starts on the fifth such weekday; choose the last one instead.")
            )
        return f"{which}{code}"
    if mode == "MONTHLY_LAST":
        if (begin + timedelta(days=7)).month == begin.month:
            raise UnfitStart(gettext("It does not start on the last such weekday of the month."))
        return f"-1{code}"
    return ""


def _mode(parts: dict[str, str]) -> str | None:
    """Which rule of the editor's it is; None for one that it does not make."""
    if parts.keys() - {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"}:
        return None
    if parts.get("WKST", "MO") != "MO" or int(parts.get("INTERVAL", 1)) > LONGEST_INTERVAL:
        return None
    frequency, by_day = parts.get("FREQ", ""), parts.get("BYDAY", "")
    if frequency == "WEEKLY":
        whole_week = set(by_day.split(",")) == set(DAYS[:5]) and "INTERVAL" not in parts
        return "WEEKDAYS" if whole_week else "WEEKLY"
    if not by_day:
        return frequency if frequency in MODES else None
    if frequency == "MONTHLY" and _NTH.fullmatch(by_day):
        return "MONTHLY_LAST" if by_day.startswith("-") else "MONTHLY_NTH"
    return None


def _last_day(until: str, first: datetime, time_zone: str) -> date:
    """The last day on whose clock a meeting may begin, in the zone of the series."""
    zone = ZoneInfo(time_zone or "UTC")
    if len(until) == 8:
        return datetime.strptime(until, "%Y%m%d").date()
    moment = datetime.strptime(until.rstrip("Z"), "%Y%m%dT%H%M%S")
    if until.endswith("Z"):
        moment = moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    begins_later = first.astimezone(zone).time() > moment.time()
    return moment.date() - timedelta(days=1) if begins_later else moment.date()


def _parts(rule: str) -> dict[str, str]:
    return dict(piece.split("=", 1) for piece in rule.split(";") if "=" in piece)
