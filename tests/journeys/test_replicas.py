"""O2: three processes of each service share queues and database, and nothing happens twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders.mail_program import answer_to, new_mail
from support.helpdesk_office import ANN, DEMO, EXPERT, SUPPORT, furnish_helpdesk, mails_to, states
from support.mail_office import read
from support.postgresql import PostgresqlServer
from support.smtp_peer import SmtpPeer
from support.system import SERVICES, Api, RunningSystem, wait_for

pytestmark = pytest.mark.timeout(600)  # seconds; many processes start, or much is checked

MAILS = 6


@pytest.fixture
def system(
    own_broker: str, postgresql: PostgresqlServer, tmp_path: Path, peer: SmtpPeer
) -> Iterator[RunningSystem]:
    """Fifteen processes, the user Demo, a Gold partner, and an outgoing server."""
    url = postgresql.new_database("replicas")
    made = RunningSystem(tmp_path / "home", own_broker, DATABASE_URL=url)
    with made.running():
        more = [made.start_replica(name, number) for name in SERVICES for number in (2, 3)]
        for called in more:
            made.wait_until_ready(called)
        furnish_helpdesk(made, peer, close_on_reply=True)
        yield made


def test_O2_three_of_each_do_everything_once(system: RunningSystem, peer: SmtpPeer) -> None:
    webs = [Api(f"http://127.0.0.1:{system.ports[name]}") for name in ("web", "web-2", "web-3")]
    api = webs[0].sign_in()
    for number in range(MAILS):
        mail = new_mail(ANN, SUPPORT, f"Problem {number}", "It burns.")
        assert system.deliver(mail.as_bytes()) == 0
    passed_on = wait_for(lambda: enough(mails_to(peer, DEMO), MAILS), "each case with Demo")
    for mail in passed_on:
        assert system.deliver(answer_to(mail, DEMO, "Use water.").as_bytes()) == 0
    wait_for(lambda: enough(mails_to(peer, ANN), MAILS), "the answers to Ann")
    wait_for(lambda: states(api) == {"done": MAILS}, "all cases done")

    for number in range(MAILS, 2 * MAILS):
        mail = new_mail(ANN, SUPPORT, f"Problem {number}", "It still burns.")
        assert system.deliver(mail.as_bytes()) == 0
    wait_for(lambda: states(api) == {"done": MAILS, "open": MAILS}, "the new cases open")

    # Two days on, all three find the same timed rule due on all open cases.
    for name in ("rules", "rules-2", "rules-3"):
        system.kill(name)
    system.start_service("rules", days_ahead=2.01)
    more = [system.start_replica("rules", number, days_ahead=2.01) for number in (2, 3)]
    for name in ("rules", *more):
        system.wait_until_ready(name)
    copies = wait_for(lambda: enough(mails_to(peer, EXPERT), MAILS), "a copy of each open case")

    assert len({mail["Subject"] for mail in copies}) == len(copies) == MAILS
    assert Counter(read(one)["Message-ID"] for one in peer.mails).most_common(1)[0][1] == 1
    for case in [api.get(f"/cases/{one['number']}") for one in api.all_of("/cases")]:
        assert [one["version"] for one in case["history"]] == list(range(1, case["version"] + 1))
        copied = [one for one in case["history"] if one["actor_name"].startswith("Copy to")]
        assert len(copied) == (1 if case["state"] == "open" else 0), case["number"]
        assert len(case["messages"]) == (1 if case["state"] == "open" else 2)
    assert "0 differences found" in system.run_module("services.reporting", "rebuild")
    for service in ("cases", "mailgw", "reporting"):
        shares = [
            system.metric(name, "casewire_messages_handled_total")
            for name in (service, f"{service}-2", f"{service}-3")
        ]
        assert all(shares), f"{service} has processes that did nothing: {shares}"
    # Whoever is signed in is so at each of them, and each answers the same.
    numbers = [sorted(one["number"] for one in web.sign_in().all_of("/cases")) for web in webs]
    assert numbers[0] == numbers[1] == numbers[2] and len(numbers[0]) == 2 * MAILS


def enough(found: list[Any], count: int) -> list[Any] | None:
    return found if len(found) >= count else None
