"""O2: to a new version and back with no stop, both versions running at once, and no mail is lost.

The new version is a copy of this one that has expanded a little; see support/next_release.py.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from support.helpdesk_office import furnish_helpdesk, states
from support.mail_office import database_of, read
from support.next_release import RELEASE, REVISION, make_next_release
from support.postgresql import PostgresqlServer
from support.smtp_peer import SmtpPeer
from support.steady_mails import SteadyMails
from support.system import ROOT, SERVICES, Api, RunningSystem, wait_for
from support.web_watch import WebWatch

from services.cases.tables import outbox
from services.contracts.routes import ROUTES
from services.messaging.dead_letters import DeadLetters
from services.runtime.revisions import revision_of

pytestmark = pytest.mark.timeout(600)  # seconds; fifteen processes start one after the other

HANDLED = "casewire_messages_handled_total"
SOME = 2
OLD, NEW = SERVICES, tuple(f"{name}-2" for name in SERVICES)


@pytest.fixture
def system(
    own_broker: str, postgresql: PostgresqlServer, tmp_path: Path, peer: SmtpPeer
) -> Iterator[RunningSystem]:
    """The helpdesk on this version, on a PostgreSQL database of its own."""
    url = postgresql.new_database("upgraded")
    made = RunningSystem(tmp_path / "home", own_broker, DATABASE_URL=url)
    with made.running():
        furnish_helpdesk(made, peer, close_on_reply=True)
        yield made


@pytest.fixture
def mails(system: RunningSystem, peer: SmtpPeer) -> Iterator[SteadyMails]:
    """Mails and answers that flow from the beginning to the end."""
    made = SteadyMails(system, peer)
    made.start()
    yield made
    made.stop()


def test_O2_to_a_new_version_and_back_with_no_stop(
    system: RunningSystem, mails: SteadyMails, peer: SmtpPeer, tmp_path: Path
) -> None:
    new = make_next_release(tmp_path / "next")
    first = watch(system, "web")
    more_mails(mails)

    migrate(system, new)
    more_mails(mails)  # the old version, on the new schema
    second = beside(system, OLD, 2, new)
    first.leave()
    replaced(system, OLD)
    mails.tree = new
    more_mails(mails)  # the new version alone

    migrate(system, ROOT)  # which finds a schema that it does not know, and lets it be
    third = beside(system, NEW, 3, ROOT)
    second.leave()
    replaced(system, NEW)
    mails.tree = ROOT
    more_mails(mails)  # the old version again, on the new schema

    mails.stop()
    api = Api(third.address).sign_in()
    wait_for(lambda: states(api).get("done") == len(mails.answered), "all answers")
    wait_for(lambda: len(cases(api)) == len(mails.subjects), "a case of each mail")
    third.leave()
    for watched in (first, second, third):
        assert watched.failures == [] and watched.answers > 0
    assert nothing_twice(api, mails, peer)
    assert {schema_of(system, name) for name in SERVICES} == {REVISION}
    assert events_by_release(system).keys() == {None, RELEASE}
    assert "0 differences found" in system.run_module("services.reporting", "rebuild")
    uri = system.environment["AMQP_URI"]
    assert {name: DeadLetters(uri, name).show() for name in ROUTES} == {name: [] for name in ROUTES}


def migrate(system: RunningSystem, tree: Path) -> None:
    """The one-shots of a version, while another runs."""
    for name in SERVICES:
        system.run_module(f"services.{name}", "migrate", tree=tree)


def beside(system: RunningSystem, there: tuple[str, ...], number: int, tree: Path) -> WebWatch:
    """Start all services of a version beside the other, and wait until both take part."""
    started = [system.start_replica(name, number, tree=tree) for name in SERVICES]
    for name in started:
        system.wait_until_ready(name)
    watched = watch(system, f"web-{number}")
    before = {name: system.metric(name, HANDLED) for name in (*there, *started)}
    wait_for(
        lambda: all(system.metric(name, HANDLED) > before[name] for name in before),
        "messages that each of both versions handled",
    )
    return watched


def replaced(system: RunningSystem, names: tuple[str, ...]) -> None:
    """Stop these gracefully, one after the other; each has to end with 0."""
    for name in names:
        system.stop(name)


def watch(system: RunningSystem, name: str) -> WebWatch:
    management = system.ports[f"{name}_management"]
    address = f"http://127.0.0.1:{system.ports[name]}"
    return WebWatch(address, f"http://127.0.0.1:{management}").start()


def more_mails(mails: SteadyMails) -> None:
    """Wait until some new mails and some answers more have been taken."""
    written, answered = len(mails.subjects), len(mails.answered)
    wait_for(
        lambda: len(mails.subjects) >= written + SOME and len(mails.answered) >= answered + SOME,
        "mails that are passed on and answered",
    )


def cases(api: Api) -> list[dict[str, object]]:
    return list(api.all_of("/cases"))


def nothing_twice(api: Api, mails: SteadyMails, peer: SmtpPeer) -> bool:
    """Each mail is one message on one case, each answer another, and each was sent once."""
    whole = [api.get(f"/cases/{one['number']}") for one in cases(api)]
    assert sorted(case["subject"] for case in whole) == sorted(mails.subjects)
    for case in whole:
        assert [one["version"] for one in case["history"]] == list(range(1, case["version"] + 1))
        assert len(case["messages"]) == (2 if case["state"] == "done" else 1), case["number"]
    sent = Counter(read(one)["Message-ID"] for one in peer.mails)
    return sent.most_common(1)[0][1] == 1


def schema_of(system: RunningSystem, service: str) -> str | None:
    database = database_of(system, service)
    found = revision_of(database)
    database.close()
    return found


def events_by_release(system: RunningSystem) -> Counter[str | None]:
    """How many events about cases carry the field of the new version, and how many do not."""
    database = database_of(system, "cases")
    about_cases = select(outbox.c.body).where(outbox.c.type.startswith("case."))
    with database.read() as connection:
        bodies = [json.loads(body) for body in connection.scalars(about_cases)]
    database.close()
    return Counter(body["data"].get("release") for body in bodies)
