"""Reading the invitation in a mail (RFC 5545, RFC 5546, RFC 6047)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

from icalendar import Calendar, Event

from services.contracts.invitations import Invitation
from services.mailgw.incoming.charset import clean

TYPES = frozenset({"text/calendar", "application/ics"})
MOST_BYTES = 500_000
MOST_CHARACTERS = 500
MOST_COMMENT = 5_000
ANSWERS = {
    "NEEDS-ACTION": "waiting",
    "ACCEPTED": "accepted",
    "DECLINED": "declined",
    "TENTATIVE": "tentative",
}
LONGEST = timedelta(days=366)
METHODS = frozenset(get_args(Invitation.model_fields["method"].annotation))
MIDNIGHT = datetime.min.time()


def read_invitation(content: bytes, method: str = "") -> Invitation | None:
    """The meeting that a calendar part is about; None for none, or one that cannot be read.

    `method` is that of the part's Content-Type, where it names one.
    """
    if len(content) > MOST_BYTES:
        return None
    try:
        calendar = Calendar.from_ical(content)
        meetings = [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]
        named = (str(calendar.get("METHOD", "")) or method).upper()
        if not meetings or named not in METHODS:
            return None
        # The whole series comes first; what stands behind it are single ones that were moved.
        first = next((one for one in meetings if "RECURRENCE-ID" not in one), meetings[0])
        return _invitation(first, named)
    except Exception:  # noqa: BLE001  the library raises whatever broken content leads it to
        return None


def _invitation(meeting: Event, method: str) -> Invitation | None:
    uid = _words(meeting.get("UID"))
    if not uid:
        return None
    begin = meeting.start if "DTSTART" in meeting else None
    rule = meeting.get("RRULE")
    return Invitation.model_validate(
        {
            "method": method,
            "uid": uid,
            "sequence": _number(meeting.get("SEQUENCE")),
            "summary": _words(meeting.get("SUMMARY")),
            "start": _moment(begin) if begin else None,
            "duration_minutes": _minutes(meeting) if begin else None,
            "all_day": begin is not None and not isinstance(begin, datetime),
            "location": _words(meeting.get("LOCATION")),
            "organizer": _address(meeting.get("ORGANIZER")),
            "repeats": rule.to_ical().decode() if rule and not isinstance(rule, list) else "",
            "exception": "RECURRENCE-ID" in meeting,
            "original": _original(meeting),
            **_answer(meeting),
        }
    )


def _original(meeting: Event) -> datetime | None:
    found = meeting.get("RECURRENCE-ID")
    begin = getattr(found, "dt", None)
    return _moment(begin) if isinstance(begin, date) else None


def _answer(meeting: Event) -> dict[str, Any]:
    """Who answers what, and his words: of a REPLY there is one ATTENDEE (RFC 5546 §3.2.3)."""
    found = meeting.get("ATTENDEE")
    attendee = found[0] if isinstance(found, list) and found else found
    state = str(getattr(attendee, "params", {}).get("PARTSTAT", "")).upper()
    return {
        "attendee": _address(attendee),
        "answer": ANSWERS.get(state),
        "comment": _lines(meeting.get("COMMENT")),
    }


def _address(value: Any) -> str:
    return _words(value).lower().removeprefix("mailto:")


def _moment(begin: date) -> datetime:
    """In UTC; a time without a zone, and the day of a whole-day meeting, are taken for UTC."""
    if not isinstance(begin, datetime):
        begin = datetime.combine(begin, MIDNIGHT)
    return begin.astimezone(UTC) if begin.tzinfo else begin.replace(tzinfo=UTC)


def _minutes(meeting: Event) -> int | None:
    duration: timedelta = meeting.duration
    if not timedelta(0) <= duration <= LONGEST:
        return None
    return int(duration.total_seconds() // 60)


def _words(value: Any) -> str:
    first = value[0] if isinstance(value, list) and value else value
    return clean(" ".join(str(first or "").split()))[:MOST_CHARACTERS]


def _lines(value: Any) -> str:
    first = value[0] if isinstance(value, list) and value else value
    return clean(str(first or "")).strip()[:MOST_COMMENT]


def _number(value: Any) -> int:
    return max(0, min(int(value or 0), 2**31 - 1))
