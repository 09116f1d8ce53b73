"""The checker of storms sees what it is there for: each violation that is planted, and no other.

A short storm with a kill is run once; each violation is planted in a copy of what it left.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from faults.storm.checks.consumed import check_consumed
from faults.storm.checks.copies import check_copies
from faults.storm.checks.finding import Finding
from faults.storm.checks.firings import check_firings
from faults.storm.checks.histories import check_histories
from faults.storm.checks.incoming import check_incoming
from faults.storm.checks.outgoing import check_outgoing
from faults.storm.checks.replies import check_replies
from faults.storm.checks.reports import check_reports
from faults.storm.checks.rest import check_rest
from faults.storm.evidence import Evidence, Held
from faults.storm.journal import Journal
from faults.storm.run import Storm, run
from faults.storm.settling import rules_clock
from faults.storm.verdict import Verdict, judge

Check = Callable[[Evidence], Finding]
SECONDS, MAILS, FAULTS = 8.0, 70, 1


@dataclass(frozen=True)
class Planted:
    """A violation: in whose database, by which statement, and what the check says of it."""

    name: str
    check: Check
    where: str
    statement: str
    says: str


A_NEW_MAIL = "(SELECT id FROM raw_mails WHERE filed = 'new' LIMIT 1)"
A_MESSAGE = "(SELECT rowid FROM messages WHERE message_id != '' LIMIT 1)"
A_REPLY = "(SELECT rowid FROM messages WHERE text LIKE 'Said once:%' LIMIT 1)"
A_TIMED = "(SELECT id FROM firings WHERE episode LIKE '% %' LIMIT 1)"
AGAIN = "number + 1000, kind, direction, author, at, subject, text, quoted, html, attachments"
COPY_OF_A_MESSAGE = (
    f"INSERT INTO messages SELECT case_number, {AGAIN}, automatic, verified, message_id, "
    "minutes_spent, remark, from_case, from_number FROM messages WHERE rowid = "
)
PLANTED = (
    Planted(
        "a mail is lost",
        check_incoming,
        "mailgw",
        f"DELETE FROM raw_mails WHERE id = {A_NEW_MAIL}",
        "is stored 0 times",
    ),
    Planted(
        "a message is gone",
        check_incoming,
        "cases",
        f"DELETE FROM messages WHERE rowid = {A_MESSAGE}",
        "is 0 messages, not 1",
    ),
    Planted(
        "a message is doubled",
        check_incoming,
        "cases",
        COPY_OF_A_MESSAGE + A_MESSAGE,
        "is 2 messages, not 1",
    ),
    Planted(
        "a message stands on another case",
        check_incoming,
        "cases",
        f"UPDATE messages SET case_number = 9999 WHERE rowid = {A_MESSAGE}",
        "stands on 9999",
    ),
    Planted(
        "a mail was never accepted",
        check_incoming,
        "journal",
        "UPDATE given SET accepted_at = NULL WHERE id = 1",
        "was never accepted",
    ),
    Planted(
        "a mail was given up for kills",
        check_incoming,
        "mailgw",
        "UPDATE raw_mails SET status = 'quarantined', why = 'the gateway died over it 3 times' "
        f"WHERE id = {A_NEW_MAIL}",
        "given up for kills",
    ),
    Planted(
        "a step of a history is gone",
        check_histories,
        "cases",
        "DELETE FROM history WHERE version = 2 AND case_number = 101",
        "case 101 is at version",
    ),
    Planted(
        "an event was never told",
        check_histories,
        "cases",
        "DELETE FROM outbox WHERE id = (SELECT event_id FROM history WHERE version = 1 LIMIT 1)",
        "was told of by [2",
    ),
    Planted(
        "an event is told twice",
        check_histories,
        "cases",
        "INSERT INTO outbox (id, type, body, created_at, sent_at) SELECT 'twice', type, body, "
        "created_at, sent_at FROM outbox WHERE type = 'case.created' LIMIT 1",
        "events of cases were told",
    ),
    Planted(
        "a consumer missed an event",
        check_consumed,
        "rules",
        "DELETE FROM inbox WHERE id = (SELECT id FROM inbox LIMIT 1)",
        "casewire.rules knows nothing of",
    ),
    Planted(
        "a message was not sent",
        check_consumed,
        "mailgw",
        "UPDATE outbox SET sent_at = NULL WHERE position = 3",
        "was not sent",
    ),
    Planted(
        "an order is lost",
        check_consumed,
        "mailgw",
        "DELETE FROM outgoing WHERE id = (SELECT id FROM outgoing LIMIT 1)",
        "is not in the queue",
    ),
    Planted(
        "where a mail went was not kept",
        check_consumed,
        "mailgw",
        f"UPDATE raw_mails SET filed = NULL WHERE id = {A_NEW_MAIL}",
        "is not kept",
    ),
    Planted(
        "rules knows an old case",
        check_copies,
        "rules",
        "UPDATE known_cases SET snapshot = json_set(snapshot, '$.version', 1) "
        "WHERE case_number = 101",
        "rules knows case 101 as it was at version 1",
    ),
    Planted(
        "rules keeps an event less",
        check_copies,
        "rules",
        "DELETE FROM past_events WHERE case_number = 101 AND version = 1",
        "rules keeps no event 1 of case 101",
    ),
    Planted(
        "reporting counted an event less",
        check_copies,
        "reporting",
        "UPDATE facts SET counted_upto = counted_upto - 1 WHERE number = 101",
        "of case 101 at version",
    ),
    Planted(
        "a webhook was not told",
        check_copies,
        "web",
        "DELETE FROM webhook_deliveries WHERE id = 1",
        "delivery none was made",
    ),
    Planted(
        "a webhook's receiver got nothing",
        check_copies,
        "journal",
        "DELETE FROM hooked WHERE event_id = (SELECT event_id FROM hooked LIMIT 1)",
        "came: False",
    ),
    Planted(
        "a sum counts a message twice",
        check_reports,
        "reporting",
        "UPDATE sums_by_team SET messages_in = messages_in + 1",
        "from the history",
    ),
    Planted(
        "a report lost a case",
        check_reports,
        "reporting",
        "DELETE FROM sums_by_kind WHERE state = (SELECT state FROM sums_by_kind LIMIT 1)",
        "is only in the history",
    ),
    Planted(
        "a rule did not fire",
        check_firings,
        "rules",
        "DELETE FROM firings WHERE id = (SELECT id FROM firings WHERE rule_id = 1 LIMIT 1)",
        "did not fire on case.created",
    ),
    Planted(
        "a timed rule did not fire",
        check_firings,
        "rules",
        f"DELETE FROM firings WHERE id = {A_TIMED}",
        "did not fire: rule",
    ),
    Planted(
        "a timed rule fired too early",
        check_firings,
        "rules",
        f"UPDATE firings SET at = '2020-01-01 00:00:00.000000+00:00' WHERE id = {A_TIMED}",
        "before its time",
    ),
    Planted(
        "a rule fired once more",
        check_firings,
        "rules",
        "INSERT INTO firings SELECT 'more', rule_id, case_number, 'another episode', outcome, at, "
        "why, rule_name, cause, changed, refused, next_action_at, closed_at FROM firings LIMIT 1",
        "without cause (another episode",
    ),
    Planted(
        "a firing was ordered twice",
        check_firings,
        "rules",
        "INSERT INTO outbox (id, type, body, created_at, sent_at) SELECT 'twice', type, body, "
        "created_at, sent_at FROM outbox WHERE type = 'rule.fired' LIMIT 1",
        "was ordered 2 times, obeyed 1 times",
    ),
    Planted(
        "a firing was not obeyed",
        check_firings,
        "cases",
        "UPDATE outbox SET body = json_remove(body, '$.data.firing') WHERE position = (SELECT "
        "position FROM outbox WHERE json_extract(body, '$.data.firing') IS NOT NULL LIMIT 1)",
        "was ordered 1 times, obeyed 0 times",
    ),
    Planted(
        "a mail of ours never arrived",
        check_outgoing,
        "journal",
        "DELETE FROM arrived WHERE message_id = (SELECT message_id FROM arrived LIMIT 1)",
        "never came to",
    ),
    Planted(
        "a mail of ours arrived that nobody ordered",
        check_outgoing,
        "journal",
        "INSERT INTO arrived VALUES ('<made.up@ours.example>', 'ann@blue.example', 1, 1, '')",
        "nobody ordered it: <made.up@ours.example>",
    ),
    Planted(
        "a mail of ours arrived twice",
        check_outgoing,
        "journal",
        "INSERT INTO arrived SELECT message_id, recipient, 5, connection, mark FROM arrived "
        "LIMIT 1",
        "nothing struck when it came first at 5.0",
    ),
    Planted(
        "a mail of ours is stuck",
        check_outgoing,
        "mailgw",
        "UPDATE outgoing SET status = 'sending' WHERE id = (SELECT id FROM outgoing LIMIT 1)",
        "neither sent nor given up",
    ),
    Planted(
        "that a mail was sent is not told",
        check_outgoing,
        "mailgw",
        "DELETE FROM outbox WHERE position = (SELECT position FROM outbox "
        "WHERE type = 'mail.sent' LIMIT 1)",
        "told 0 times",
    ),
    Planted(
        "a reply is gone",
        check_replies,
        "cases",
        f"DELETE FROM messages WHERE rowid = {A_REPLY}",
        "stands 0 times",
    ),
    Planted(
        "a reply is doubled",
        check_replies,
        "cases",
        COPY_OF_A_MESSAGE + A_REPLY,
        "stands 2 times",
    ),
    Planted(
        "a mail is stuck",
        check_rest,
        "mailgw",
        f"UPDATE raw_mails SET status = 'stored' WHERE id = {A_NEW_MAIL}",
        "1 mails to look into",
    ),
)


@dataclass(frozen=True)
class Left:
    """What the storm left: the folder with databases and journal, and the verdict."""

    folder: Path
    verdict: Verdict


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    folder = tmp_path_factory.mktemp("storm")
    storm = Storm(seed=5, seconds=SECONDS, mails=MAILS, faults=FAULTS, small_disk=False)
    verdict, record = run(storm, folder, print)
    assert record.troubles == []
    return Left(folder, verdict)


@pytest.fixture
def copy(left: Left, tmp_path: Path) -> Iterator[Path]:
    shutil.copytree(
        left.folder / "home", tmp_path / "home", ignore=shutil.ignore_patterns("*.sock")
    )
    for path in left.folder.glob("journal.sqlite3*"):
        shutil.copy(path, tmp_path)
    yield tmp_path


def evidence_in(folder: Path, *held: Held) -> Evidence:
    journal = Journal(folder / "journal.sqlite3")
    return Evidence.of_files(folder / "home", journal, held=held, until=rules_clock())


def plant(folder: Path, where: str, statement: str) -> None:
    name = "journal.sqlite3" if where == "journal" else f"home/{where}.sqlite3"
    with closing(sqlite3.connect(folder / name)) as database, database:
        assert database.execute(statement).rowcount > 0, "nothing was planted"


def found(check: Check, evidence: Evidence) -> Finding:
    try:
        return check(evidence)
    finally:
        evidence.close()
        evidence.journal.close()


@pytest.mark.timeout(240)
def test_M12_a_short_storm_breaks_nothing(left: Left) -> None:
    wrong = [sentence for finding in left.verdict.findings for sentence in finding.wrong]
    assert wrong == []
    counts = {finding.name: finding.counts for finding in left.verdict.findings}
    assert counts["each accepted mail is one message on one case"]["given"] == MAILS
    assert counts["each reply by the API stands once on its case"]["replies"] > 0
    assert counts["each due rule fired once"]["waits that were due"] > 0


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_M12_the_checker_finds_what_is_planted(copy: Path, planted: Planted) -> None:
    plant(copy, planted.where, planted.statement)
    finding = found(planted.check, evidence_in(copy))
    assert any(planted.says in sentence for sentence in finding.wrong), finding.wrong


def test_M12_an_untouched_copy_is_found_to_be_good(copy: Path) -> None:
    evidence = evidence_in(copy)
    verdict = judge(evidence)
    evidence.close()
    assert verdict.is_good


def test_M12_a_mail_that_came_twice_is_explained_by_a_kill_at_that_moment(copy: Path) -> None:
    twice = "INSERT INTO arrived SELECT message_id, recipient, 5, connection, mark FROM arrived"
    plant(copy, "journal", f"{twice} LIMIT 1")
    plant(copy, "mailgw", "UPDATE outgoing SET attempts = 2")
    killed = "(99, 'kill service', 'mailgw', 'kill service: mailgw', 6, 7, '')"
    plant(copy, "journal", f"INSERT INTO faults VALUES {killed}")
    finding = found(check_outgoing, evidence_in(copy))
    assert finding.wrong == [] and finding.counts["arrived once more"] == 1
    assert "came again for fault #99" in finding.explained[0]


def test_M12_a_letter_in_the_broker_is_wrong_unless_it_is_poison(copy: Path) -> None:
    plant(copy, "journal", "INSERT INTO poison VALUES ('bad', 'casewire.web')")
    held = (
        Held("casewire.web.dead", "bad", "case.created"),
        Held("casewire.web.dead", "good", "case.created"),
        Held("casewire.cases.retry.30", "slow", "mail.received"),
    )
    finding = found(check_rest, evidence_in(copy, *held))
    assert finding.wrong == [
        "case.created good is in casewire.web.dead",
        "mail.received slow is in casewire.cases.retry.30",
    ]
