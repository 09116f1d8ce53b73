"""Working hours of a weekday as people write them: "9-12, 13:00-17:30"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.web.translation import gettext

WEEKDAYS = range(7)  # from Monday on
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?")
Span = tuple[str, str]


def hours_text(spans: Iterable[Iterable[str]]) -> str:
    """The spans as the field holds them; empty for a day nobody works."""
    return ", ".join("–".join(span) for span in spans)


def read_hours(text: str) -> tuple[Span, ...]:
    """The spans in it. Raises ValueError, saying what to write, for what is none."""
    found = []
    for part in re.split(r"[,;]", text):
        if part.strip():
            found.append(_span(part.strip()))
    return tuple(found)


def _span(text: str) -> Span:
    matched = _SPAN.fullmatch(text)
    if matched is None:
        raise ValueError(
            gettext("“%(text)s” is no span; write hours such as 9:00–17:30.", text=text)
        )
    begin_hour, begin_minute, end_hour, end_minute = matched.groups()
    return _clock(begin_hour, begin_minute), _clock(end_hour, end_minute)


def _clock(hour: str, minute: str | None) -> str:
    return f"{int(hour):02}:{minute or '00'}"
