"""C1: the editor of a series makes rules, reads them back, and leaves alone what it cannot show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.cases.model.recurrence import begins, starts_with, tidy_recurrence
from services.web.pages.recurrence import (
    BOX,
    DAYS,
    KEPT,
    MODES,
    UnfitStart,
    editor_texts,
    rule_of,
    sentence,
)

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo")
WEDNESDAY = datetime(2026, 11, 25, 13, tzinfo=UTC)
starts = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
)
ends = st.one_of(
    st.just({}),
    st.integers(1, 40).map(lambda count: {"count": str(count)}),
    st.integers(0, 900).map(lambda days: {"days": days}),
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(list(MODES)),
    st.integers(1, 12),
    st.sets(st.sampled_from(DAYS), max_size=4),
    st.tuples(starts, st.sampled_from(ZONES)),
    ends,
)
def test_C1_what_is_set_is_read_back(
    mode: str, interval: int, days: set[str], when: tuple[datetime, str], end: dict[str, object]
) -> None:
    first, zone = when
    here = first.astimezone(ZoneInfo(zone))
    texts = {"repeats": mode, "interval": str(interval), "until": "", "count": ""}
    if mode == "WEEKDAYS":
        texts["interval"] = "1"
    if mode == "WEEKLY":
        days = days | {DAYS[here.weekday()]}
        assume(interval > 1 or days != set(DAYS[:5]))  # that is "Monday to Friday"
        texts |= {BOX + code: "on" for code in days}
    texts["count"] = str(end.get("count", ""))
    if "days" in end:
        texts["until"] = (here + timedelta(days=int(str(end["days"])))).date().isoformat()
    try:
        rule = rule_of(texts, first, zone)
    except UnfitStart:
        assert mode in ("MONTHLY_NTH", "MONTHLY_LAST")
        return
    assert tidy_recurrence(rule) == rule  # the service takes it as it is
    assert editor_texts(rule, first, zone) == texts
    if mode != "WEEKDAYS" or here.weekday() < 5:
        assert starts_with(rule, first, zone)
    assert sentence(rule, first, zone).startswith("Every ")


RULES = [
    "FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20270301T130000Z",
    "FREQ=WEEKLY;BYDAY=WE;UNTIL=20270303T120000Z",
    "FREQ=WEEKLY;BYDAY=WE;UNTIL=20270303T140000",
    "FREQ=DAILY;INTERVAL=3;COUNT=9",
    "FREQ=MONTHLY;BYDAY=4WE;UNTIL=20271224T130000Z",
    "FREQ=YEARLY",
]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_C1_a_rule_that_is_shown_means_the_same_when_saved_again(rule: str, zone: str) -> None:
    texts = editor_texts(rule, WEDNESDAY, zone)
    again = rule_of(texts, WEDNESDAY, zone)

    def meetings(one: str) -> list[datetime]:
        return list(islice(begins(one, WEDNESDAY, zone), 60))

    assert meetings(again) == meetings(rule)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYMONTHDAY=1,15",
        "FREQ=DAILY;BYDAY=MO",
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1",
        "FREQ=YEARLY;BYMONTH=2;BYDAY=-1SU",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO",
    ],
)
def test_C1_a_rule_of_another_kind_is_kept_and_told_as_it_is(rule: str) -> None:
    assert editor_texts(rule, WEDNESDAY, "UTC")["repeats"] == KEPT
    assert sentence(rule, WEDNESDAY, "UTC") == f"By the rule {rule}"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY", "Every week on Wednesday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", "Every 2 weeks on Monday and Wednesday"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Every week from Monday to Friday"),
        ("FREQ=DAILY;COUNT=5", "Every day, 5 times"),
        ("FREQ=MONTHLY", "Every month on day 25"),
        ("FREQ=MONTHLY;BYDAY=4WE", "Every month on the fourth Wednesday"),
        ("FREQ=MONTHLY;BYDAY=-1WE", "Every month on the last Wednesday"),
        ("FREQ=YEARLY;UNTIL=20301231", "Every year on 25 Nov, until 31 Dec 2030"),
    ],
)
def test_C1_a_rule_in_words(rule: str, words: str) -> None:
    assert sentence(rule, WEDNESDAY, "Europe/Berlin") == words
