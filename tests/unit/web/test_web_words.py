"""Rules, history, moments and reports in words that people read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.contracts.case_commands import DiscussionEntry, HistoryEntry
from services.contracts.reports import Report, ReportQuestion, ReportRow
from services.contracts.rules import Criteria, Rule
from services.web.attachments import safe_name
from services.web.pages.discussion import thread
from services.web.pages.history_words import history_lines
from services.web.pages.moments import exact, hours, relative, size, zone_of
from services.web.pages.report import totals, with_repeats
from services.web.pages.rule_words import Names, action_words, criteria_words, when_words
from services.web.pages.words import initials, label, move_words
from services.web.report_csv import report_csv

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
NAMES = Names(
    sections={1: "Support"},
    users={3: "Demo User"},
    categories={4: "Hardware / Printer"},
    partner_categories={5: "Support Contract / Gold"},
    kinds={"claim": "Claim"},
    partners={6: "Acme"},
)


def rule(**fields: Any) -> Rule:
    return Rule.model_validate({"id": 1, "name": "x", **fields})


def test_A5_copy_to_an_expert_reads_as_it_was_meant() -> None:
    expert = rule(
        criteria={"state_from": "open", "state_to": "open", "responsible_id": 3},
        trigger={"date": "creation", "delay": 2, "unit": "days"},
        actions=[{"do": "add_watchers", "addresses": ["expert@x.org"]}, {"do": "remind"}],
    )
    assert when_words(expert) == "2 days after creation, while Open"
    assert criteria_words(expert.criteria, NAMES) == ["responsible is Demo User"]
    assert [action_words(action, NAMES) for action in expert.actions] == [
        "copy to expert@x.org, who may answer",
        "remind the responsible by mail with the discussion",
    ]


def test_A6_priority_to_gold_partners_reads_as_it_was_meant() -> None:
    gold = rule(
        criteria={"state_to": "open", "partner_category_id": 5},
        actions=[{"do": "set_priority", "priority": "high"}],
    )
    assert when_words(gold) == "When a case becomes Open"
    assert criteria_words(gold.criteria, NAMES) == ["partner is in Support Contract / Gold"]
    assert action_words(gold.actions[0], NAMES) == "set the priority to High"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("any", "any", "Whenever a case is opened or changed"),
        ("none", "any", "When a case is opened"),
        ("none", "draft", "When a case is opened as Draft"),
        ("open", "any", "When a case leaves Open"),
        ("done", "open", "When a case goes from Done to Open"),
        ("open", "open", "When a case changes and stays Open"),
    ],
)
def test_A1_states_before_and_after_read_as_a_moment(before: str, after: str, words: str) -> None:
    assert when_words(rule(criteria={"state_from": before, "state_to": after})) == words


@pytest.mark.parametrize(
    ("trigger", "words"),
    [
        ({"date": "deadline", "delay": -1, "unit": "hours"}, "1 hour before the deadline"),
        ({"date": "last_action", "delay": 3, "unit": "days"}, "3 days after last action"),
        ({"date": "deadline"}, "At the deadline"),
    ],
)
def test_A2_a_timed_trigger_reads_as_a_delay(trigger: dict[str, Any], words: str) -> None:
    assert when_words(rule(trigger=trigger)) == words


def test_A1_every_criterion_is_told() -> None:
    criteria = Criteria(
        section_id=1,
        with_subsections=True,
        category_id=4,
        responsible_id=3,
        priority="high",
        partner_id=6,
        partner_category_id=99,
        kind="claim",
        subject_contains="fire",
    )
    assert criteria_words(criteria, NAMES) == [
        "section is Support or below it",
        "category is Hardware / Printer",
        "responsible is Demo User",
        "priority is High",
        "partner is Acme",
        "partner is in number 99",
        "kind is Claim",
        "subject contains “fire”",
    ]


ACTIONS: list[tuple[dict[str, Any], str]] = [
    ({"do": "set_state", "state": "done"}, "set the state to Done"),
    ({"do": "move_to_section", "section_id": 1}, "move to section Support"),
    ({"do": "assign", "to": "user", "user_id": 3}, "assign to Demo User"),
    ({"do": "assign", "to": "manager"}, "assign to the section's manager"),
    ({"do": "assign", "to": "stand_in"}, "assign to the stand-in of an absent responsible"),
    ({"do": "assign", "to": "round_robin"}, "assign to the section's members in turn"),
    ({"do": "assign", "to": "least_loaded"}, "assign to the member with the fewest cases"),
    ({"do": "set_category", "category_id": 4}, "set the category to Hardware / Printer"),
    ({"do": "remind", "whom": "partner", "with_discussion": False}, "remind the partner by mail"),
    (
        {"do": "send_template", "whom": "watchers", "subject": "Hello", "text": "x"},
        "send “Hello” to the watchers",
    ),
    ({"do": "add_note", "text": "x"}, "add a note"),
    ({"do": "escalate"}, "escalate to the section above"),
]


@pytest.mark.parametrize(("action", "words"), ACTIONS)
def test_A3_every_action_is_told(action: dict[str, Any], words: str) -> None:
    assert action_words(rule(actions=[action]).actions[0], NAMES) == words


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
    assert lines[1].because == "rule “Assign new cases”"
    assert lines[1].changes == (
        ("State", "Draft", "Open"),
        ("Responsible", "–", "Tom"),
        ("Deadline", "–", "Wed 25 Nov 2026, 13:00"),
    )
    assert lines[3].because == "mail from a@b.c"


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


ROWS = (
    ReportRow(month="2026-10", state="open", count=1, closed=0),
    ReportRow(month="2026-10", state="done", count=2, closed=2, average_hours_to_close=3.0),
    ReportRow(
        month="2026-11",
        state="done",
        count=1,
        closed=1,
        average_hours_to_close=9.0,
        estimated_revenue=Decimal("10.50"),
    ),
)


def test_R1_totals_weigh_the_average_by_closed_cases() -> None:
    (sums,) = totals(ROWS)
    assert (sums["count"], sums["closed"], sums["average"]) == (4, 3, 5.0)
    assert sums["estimated_revenue"] == Decimal("10.50")


def test_R1_a_row_does_not_repeat_what_stands_above() -> None:
    question = ReportQuestion(by=("month", "state"))
    assert [same for _, same in with_repeats(question, ROWS)] == [0, 1, 0]


def test_R6_csv_carries_every_row_and_no_formula() -> None:
    question = ReportQuestion(by=("user",))
    report = Report(rows=(ReportRow(user="=cmd()", count=1, closed=0),))
    lines = report_csv(question, report).split("\r\n")
    assert lines[0].startswith("user,currency,count,closed,average_hours_to_close")
    assert lines[1] == "'=cmd(),EUR,1,0,,0,0,0"
