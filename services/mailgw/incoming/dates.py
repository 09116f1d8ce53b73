"""The moment that a mail claims to be of: RFC 5322 §3.3, and what else programs write there."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MOST_CHARACTERS = 200
_ISO = re.compile(
    r"\s*(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d{1,9})?\s*(Z|[+-]\d\d(?::?\d\d)?)?"
)


def read_date(value: str) -> datetime | None:
    """The moment in UTC, which without a zone is taken as it stands; None for what is none."""
    text = value[:MOST_CHARACTERS]
    iso = _ISO.match(text)
    try:
        moment = _of_iso(iso) if iso else parsedate_to_datetime(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def _of_iso(found: re.Match[str]) -> datetime:
    zone = (found[3] or "").replace("Z", "+00:00")
    return datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}")
