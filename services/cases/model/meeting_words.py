"""What mails about a meeting say, in the languages we know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.cases.model.attendance import News
from services.cases.model.meetings_of import slots
from services.contracts.cases import AttendeeAnswer, CaseSnapshot, Occurrence

SHOWN_DATES = 5
SHOWN_WITHIN = timedelta(days=366)


@dataclass(frozen=True)
class MeetingWords:
    """The sentences of one language; `weekdays` begin with Monday.

    `heads` and `subjects` go by what is told; those of a single meeting of a series have
    `_one` behind. In braces stands what `str.format` fills in.
    """

    heads: Mapping[str, str]
    subjects: Mapping[str, str]
    when: str
    instead_of: str
    further: str
    answers: Mapping[AttendeeAnswer, str]
    proposed: str
    wrote: str
    weekdays: tuple[str, ...]
    date: Callable[[datetime], str]


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ENGLISH = MeetingWords(
    heads={
        "invited": "You are invited to a meeting. Your calendar program shows it with this mail.",
        "changed": "The meeting was changed. This is how it is now.",
        "cancelled": "The meeting is cancelled.",
        "changed_one": "One meeting of the series was moved.",
        "cancelled_one": "One meeting of the series is cancelled.",
    },
    subjects={
        "invited": "Invitation: {subject}",
        "changed": "Changed: {subject}",
        "cancelled": "Cancelled: {subject}",
    },
    when="When: {when}",
    instead_of="Instead of: {when}",
    further="Further dates: {dates}",
    answers={
        "waiting": "{name} has not decided yet about the meeting of case [{number}].",
        "accepted": "{name} comes to the meeting of case [{number}].",
        "declined": "{name} does not come to the meeting of case [{number}].",
        "tentative": "{name} perhaps comes to the meeting of case [{number}].",
    },
    proposed="{name} proposes another time for the meeting of case [{number}]: {when}",
    wrote="{name} writes about the meeting of case [{number}]:",
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    date=lambda day: f"{day.day} {_MONTHS[day.month - 1]} {day.year}",
)
GERMAN = MeetingWords(
    heads={
        "invited": "Sie sind zu einem Termin eingeladen. Ihr Kalenderprogramm zeigt ihn zu dieser"
        " Mail an.",
        "changed": "Der Termin wurde geändert. So ist er jetzt.",
        "cancelled": "Der Termin ist abgesagt.",
        "changed_one": "Ein Termin der Serie wurde verlegt.",
        "cancelled_one": "Ein Termin der Serie ist abgesagt.",
    },
    subjects={
        "invited": "Einladung: {subject}",
        "changed": "Geändert: {subject}",
        "cancelled": "Abgesagt: {subject}",
    },
    when="Wann: {when}",
    instead_of="Statt: {when}",
    further="Weitere Termine: {dates}",
    answers={
        "waiting": "{name} hat sich zum Termin von Vorgang [{number}] noch nicht entschieden.",
        "accepted": "{name} kommt zum Termin von Vorgang [{number}].",
        "declined": "{name} kommt nicht zum Termin von Vorgang [{number}].",
        "tentative": "{name} kommt vielleicht zum Termin von Vorgang [{number}].",
    },
    proposed="{name} schlägt für den Termin von Vorgang [{number}] eine andere Zeit vor: {when}",
    wrote="{name} schreibt zum Termin von Vorgang [{number}]:",
    weekdays=("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    date=lambda day: f"{day.day}.{day.month}.{day.year}",
)
FRENCH = MeetingWords(
    heads={
        "invited": "Vous êtes invité à une réunion. Votre agenda l'affiche avec ce message.",
        "changed": "La réunion a été modifiée. Voici ce qui vaut maintenant.",
        "cancelled": "La réunion est annulée.",
        "changed_one": "Une réunion de la série a été déplacée.",
        "cancelled_one": "Une réunion de la série est annulée.",
    },
    subjects={
        "invited": "Invitation : {subject}",
        "changed": "Modification : {subject}",
        "cancelled": "Annulation : {subject}",
    },
    when="Quand : {when}",
    instead_of="Au lieu de : {when}",
    further="Autres dates : {dates}",
    answers={
        "waiting": "{name} n'a pas encore décidé pour la réunion du dossier [{number}].",
        "accepted": "{name} vient à la réunion du dossier [{number}].",
        "declined": "{name} ne vient pas à la réunion du dossier [{number}].",
        "tentative": "{name} vient peut-être à la réunion du dossier [{number}].",
    },
    proposed="{name} propose un autre moment pour la réunion du dossier [{number}] : {when}",
    wrote="{name} écrit au sujet de la réunion du dossier [{number}] :",
    weekdays=("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."),
    date=lambda day: f"{day.day:02}/{day.month:02}/{day.year}",
)
_KNOWN = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH}


def meeting_words(language: str) -> MeetingWords:
    """Those of a language such as "de" or "de-AT"; English for one that we do not know."""
    return _KNOWN.get(language.partition("-")[0].lower(), ENGLISH)


def time_text(
    words: MeetingWords, start: datetime, minutes: int, zone: str, *, all_day: bool = False
) -> str:
    """ "Wed 25 Nov 2026, 14:00–15:00 (Europe/Berlin)"; of whole days only the days."""
    clock = ZoneInfo("UTC" if all_day else zone or "UTC")
    begin = start.astimezone(clock)
    # The last moment that belongs to it: whole days end at the midnight behind them.
    end = (start + timedelta(minutes=minutes)).astimezone(clock)
    if all_day:
        last = end - timedelta(minutes=1)
        return _day(words, begin) + (
            "" if last.date() <= begin.date() else f" – {_day(words, last)}"
        )
    text = f"{_day(words, begin)}, {begin:%H:%M}"
    if minutes:
        text += (
            f"–{end:%H:%M}" if end.date() == begin.date() else f" – {_day(words, end)}, {end:%H:%M}"
        )
    return f"{text} ({clock.key})"


def letter_text(words: MeetingWords, case: CaseSnapshot, news: News, zone: str) -> str:
    """What the mail says beside its calendar part."""
    head = words.heads[f"{news.about}_one" if news.only else news.about]
    lines = [head, "", case.subject]
    if news.only:
        held = {one.original: one for one in case.occurrences}
        for original in news.only:
            lines += _of_one(words, case, held[original], zone)
    elif case.start is not None:
        lines.append(words.when.format(when=_usual(words, case, case.start, zone)))
        lines += _further(words, case, zone)
    return "\n".join(lines)


def _of_one(words: MeetingWords, case: CaseSnapshot, one: Occurrence, zone: str) -> list[str]:
    usual = _usual(words, case, one.original, zone)
    if one.cancelled:
        return [words.when.format(when=usual)]
    now = time_text(words, one.start, one.duration_minutes, zone, all_day=case.all_day)
    return [words.when.format(when=now), words.instead_of.format(when=usual)]


def _usual(words: MeetingWords, case: CaseSnapshot, start: datetime, zone: str) -> str:
    return time_text(words, start, case.duration_minutes or 0, zone, all_day=case.all_day)


def _further(words: MeetingWords, case: CaseSnapshot, zone: str) -> list[str]:
    """The next dates of a series: whoever cannot read its rule can read these."""
    if not case.recurrence or case.start is None:
        return []
    clock = ZoneInfo("UTC" if case.all_day else zone or "UTC")
    behind = case.start + timedelta(minutes=1)
    found = [
        one for one in slots(case, behind, case.start + SHOWN_WITHIN) if one.start > case.start
    ]
    dates = [_day(words, one.start.astimezone(clock)) for one in found[: SHOWN_DATES + 1]]
    if len(dates) > SHOWN_DATES:
        dates[SHOWN_DATES] = "…"
    return [words.further.format(dates="; ".join(dates))] if dates else []


def _day(words: MeetingWords, moment: datetime) -> str:
    return f"{words.weekdays[moment.weekday()]} {words.date(moment)}"
