"""Events of the past are handed to one consumer again, and take effect where they had not."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from builders.mail_program import new_mail
from integration.operate.conftest import Command
from kombu.connection import Connection
from support.mail_office import database_of, scalar
from support.system import RunningSystem, wait_for

from services.mailgw.actions.store_mail import store_mails
from services.mailgw.tables import inbox, outbox
from services.messaging import topology
from services.messaging.transaction import Transactions
from services.runtime.clock import now

MAILS = 5


def take_in(system: RunningSystem, word: str) -> None:
    """Some mails, each of which is a case when this returns, with its rule followed."""
    database = database_of(system, "mailgw")
    acted = "SELECT count(*) FROM history WHERE actor_kind = 'rule'"
    before = scalar(system, "cases", acted)
    for number in range(MAILS):
        mail = new_mail(f"{word}{number}@blue.example", "s@ours.example", word, "Hello")
        store_mails(Transactions(database, outbox, inbox), "pipe", [mail.as_bytes()])
    database.close()
    wait_for(lambda: scalar(system, "cases", acted) >= before + MAILS, "the cases, with their rule")


def counted(said: str) -> tuple[int, int]:
    """How many were handed over, and how many were left out."""
    found = re.search(r"(\d+) (?:were|would be) handed to \w+, (\d+) had taken", said)
    assert found is not None, said
    return int(found[1]), int(found[2])


def test_what_a_queue_lost_is_handed_over_and_the_rest_is_counted(
    system: RunningSystem, casewire: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    actions = [{"do": "set_state", "state": "open"}]
    criteria = {"state_from": "none"}
    system.api().post("/rules", name="Open it", criteria=criteria, actions=actions)
    facts = "SELECT count(*) FROM facts WHERE state = 'open'"
    before = scalar(system, "reporting", facts)
    take_in(system, "seen")
    wait_for(lambda: scalar(system, "reporting", facts) == before + MAILS, "the facts")
    system.kill("reporting")
    take_in(system, "lost")
    waits = "SELECT count(*) FROM outbox WHERE sent_at IS NULL"
    wait_for(lambda: scalar(system, "cases", waits) == 0, "the last of them to be published")
    with Connection(system.environment["AMQP_URI"]) as connection:
        queue = topology.main_queue("casewire.reporting").bind(connection.default_channel)
        wait_for(queue.purge, "the messages that are lost")
    system.start_service("reporting")
    system.wait_until_ready("reporting")
    assert scalar(system, "reporting", facts) == before + MAILS

    since = (now() - timedelta(hours=1)).isoformat()
    assert casewire("replay", "reporting", "--since", since, "--dry-run") == 0
    missing, known = counted(capsys.readouterr().out)
    assert missing >= 2 * MAILS <= known
    assert casewire("replay", "reporting", "--since", since) == 0
    assert counted(capsys.readouterr().out) == (missing, known)
    wanted = before + 2 * MAILS
    wait_for(lambda: scalar(system, "reporting", facts) == wanted, "the facts that were lost")
    assert "\n0 differences found" in system.run_module("services.reporting", "rebuild")


def test_again_reports_count_nothing_twice(
    system: RunningSystem, casewire: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    marks = "SELECT count(*) FROM inbox"
    before = scalar(system, "reporting", marks)
    assert casewire("replay", "reporting", "--since", str(now().date()), "--again") == 0
    handed, left_out = counted(capsys.readouterr().out)
    assert (handed > 0, left_out) == (True, 0)
    wait_for(lambda: scalar(system, "reporting", marks) >= before, "the events, taken in anew")
    assert "\n0 differences found" in system.run_module("services.reporting", "rebuild")


def test_what_would_act_twice_is_refused(
    casewire: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert casewire("replay", "nobody", "--since", "2026-01-01") == 2
    for consumer in ("cases", "rules"):
        assert casewire("replay", consumer, "--since", str(now().date()), "--again") == 1
        assert "would act on old events anew" in capsys.readouterr().err
    assert casewire("replay", "cases", "--since", "2020-01-01") == 1
    assert "remembered for 30 days" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        casewire("replay", "cases", "--since", "yesterday")
    assert ended.value.code == 2
