"""History, discussion, moments and names in words that people read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.contracts.case_commands import DiscussionEntry, HistoryEntry
from services.contracts.cases import Change
from services.web.attachments import safe_name
from services.web.pages.discussion import thread
from services.web.pages.history_words import history_lines, shown_changes
from services.web.pages.moments import duration, exact, hours, relative, size, zone_of
from services.web.pages.words import initials, label, move_words

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def entry(version: int, event_type: str, **fields: Any) -> HistoryEntry:
    return HistoryEntry.model_validate(
        {
            "version": version,
            "at": NOW,
            "event_type": event_type,
            "event_id": str(version),
            "actor_kind": "user",
            "actor_name": "Tom",
            **fields,
        }
    )


EVENTS_OF_THE_CHAIN = [
    ("m", "mail.received"),
    ("1", "case.created"),
    ("2", "case.updated"),
    ("f", "rule.fired"),
]


def message(number: int, **fields: Any) -> DiscussionEntry:
    given = {"number": number, "kind": "mail", "direction": "in", "author": "A", "at": NOW}
    return DiscussionEntry.model_validate(given | fields)


def test_K2_the_history_tells_who_when_why_and_what_was_and_is() -> None:
    history = [
        entry(1, "case.created", reason="mail from a@b.c"),
        entry(2, "case.message_added"),
        entry(
            3,
            "case.state_changed",
            actor_kind="rule",
            actor_name="Assign",
            cause=[
                {"kind": "event", "id": "1", "name": "case.created"},
                {"kind": "rule", "id": "7", "name": "Assign new cases"},
            ],
            changes=[
                {"field": "state", "before": "draft", "after": "open"},
                {"field": "responsible", "before": None, "after": {"id": 3, "name": "Tom"}},
                {"field": "deadline", "before": None, "after": "2026-11-25T12:00:00Z"},
                {"field": "section_path", "before": [1], "after": [2]},
            ],
        ),
        entry(4, "case.message_added"),
    ]
    messages = [message(1), message(2, kind="note", direction="internal")]
    lines = history_lines(history, messages, "Europe/Berlin")
    assert [(line.what, line.message) for line in lines] == [
        ("left a note", 2),
        ("changed the state", None),
        ("wrote a mail", 1),
        ("opened the case", None),
    ]
    assert (lines[1].set_off_by, lines[1].set_off_at) == ("the opening of the case", 1)
    assert lines[1].changes == (
        ("State", "Draft", "Open"),
        ("Responsible", "–", "Tom"),
        ("Deadline", "–", "Wed 25 Nov 2026, 13:00"),
    )
    assert lines[3].because == "mail from a@b.c"


def test_A4_an_automatic_act_tells_its_rule_the_criteria_that_held_and_what_set_it_off() -> None:
    events = [{"kind": "event", "id": id, "name": name} for id, name in EVENTS_OF_THE_CHAIN]
    first, second = ({"kind": "rule", "id": n, "name": f"Rule {n}"} for n in ("7", "8"))
    reason = "rule “Rule 8” because its priority is high; told Eve; not done: escalate: no section"
    history = [
        entry(1, "case.created"),
        entry(2, "case.updated"),
        entry(
            3,
            "case.updated",
            actor_kind="rule",
            actor_name="Rule 8",
            reason=reason,
            cause=[*events[:2], first, *events[2:], second, events[3]],
        ),
        entry(
            4,
            "case.updated",
            actor_kind="rule",
            actor_name="Rule 7",
            reason="rule “Rule 7”; told Eve",
            cause=[first],
        ),
    ]
    timed, line = history_lines(history, [], "UTC")[:2]
    assert line.because == "because its priority is high; told Eve"
    assert (line.rule, [link.name for link in line.chain]) == (8, ["Rule 7"])
    assert (line.set_off_by, line.set_off_at) == ("the opening of the case", 1)
    assert line.not_done == "escalate: no section"
    assert (timed.rule, timed.because, timed.chain) == (7, "told Eve", ())
    assert (timed.set_off_by, timed.set_off_at) == ("the time that passed", None)


def test_K2_entries_of_a_merged_case_name_its_messages_and_keep_apart() -> None:
    history = [
        entry(1, "case.created"),
        entry(2, "case.message_added"),
        entry(2, "case.message_added", event_id="b2", case_number=102),
        entry(3, "case.message_added", event_id="b3", case_number=102),
    ]
    messages = [message(1), message(2, kind="reply", from_case=102)]
    lines = history_lines(history, messages, "UTC")[::-1]
    assert [(line.of_case, line.message) for line in lines] == [
        (None, None),
        (None, 1),
        (102, None),
        (102, None),
    ]
    assert len({line.anchor for line in lines}) == 4
    both = history_lines(history, [*messages, message(3, from_case=102)], "UTC")[::-1]
    assert [line.message for line in both] == [None, 1, 2, 3]


def test_K3_a_long_discussion_folds_its_middle() -> None:
    folded = [one.folded for one in thread([message(n) for n in range(1, 11)])]
    assert folded == [False, True, True, True, True, False, False, False, False, False]
    assert not any(one.folded for one in thread([message(n) for n in range(1, 7)]))


def test_K9_a_note_a_reply_and_a_mail_are_told_apart() -> None:
    entries = thread(
        [
            message(1, author="Maria Keller <maria@acme.example>"),
            message(2, kind="reply", direction="out"),
            message(3, kind="note", direction="internal"),
        ]
    )
    assert [(one.side, one.label) for one in entries] == [
        ("in", "Mail"),
        ("out", "Reply"),
        ("note", "Internal note"),
    ]
    assert (entries[0].author, entries[0].address) == ("Maria Keller", "maria@acme.example")


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=-30), "in 1 d"),
        (timedelta(days=3), "3 d ago"),
        (timedelta(days=30), "26 Oct"),
        (timedelta(days=400), "21 Oct 2025"),
    ],
)
def test_moments_read_relative_to_now(ago: timedelta, words: str) -> None:
    assert relative(NOW - ago, NOW, UTC) == words


def test_moments_read_exactly_in_the_readers_zone() -> None:
    assert exact(NOW, zone_of("Europe/Berlin")) == "Wed 25 Nov 2026, 13:00"
    assert zone_of("Nowhere/Land") is UTC
    assert (hours(None), hours(0.2), hours(3.25), hours(96)) == ("–", "12 min", "3.2 h", "4.0 d")
    assert (size(12), size(18_231), size(2_500_000)) == ("12 B", "18 kB", "2.5 MB")


def test_names_and_codes_read_as_people_write_them() -> None:
    assert [initials(name) for name in ("Anna Berger", "tom", "")] == ["AB", "T", "?"]
    assert (label("estimated_cost"), label("read-only")) == ("Estimated cost", "Read only")
    assert (move_words("done", "open"), move_words("draft", "open")) == ("Reopen", "Open")


def test_the_name_of_a_download_is_harmless() -> None:
    assert safe_name("../../etc/passwd") == "_.._etc_passwd"
    assert safe_name("Übersicht\u202egpj.exe\r\n") == "Übersichtgpj.exe"
    assert safe_name("...") == "attachment"


def test_K9_custom_fields_are_told_one_by_one() -> None:
    eve = {"id": 3, "name": "Eve"}
    changes = [
        Change(
            field="custom",
            before={"deadline": "soon", "weight": 3, "same": "x"},
            after={"weight": 12.5, "expert": eve, "same": "x"},
        ),
        Change(field="section_path", before=[1], after=[1, 2]),
    ]
    assert shown_changes(changes, "UTC") == (
        ("Deadline", "soon", "–"),
        ("Expert", "–", "Eve"),
        ("Weight", "3", "12.5"),
    )


def test_a_delay_is_told_in_seconds_below_a_minute() -> None:
    told = [duration(seconds) for seconds in (None, -1.0, 11.2, 59.0, 90.0, 7200.0)]
    assert told == ["–", "0 s", "11 s", "59 s", "2 min", "2.0 h"]
