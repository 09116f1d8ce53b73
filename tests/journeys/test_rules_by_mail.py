"""The shipped example rules, loaded from their file and seen at work from the outside (A4–A6)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders.mail_program import answer_to, new_mail
from support.helpdesk_office import ANN, DEMO, EXPERT, SUPPORT, furnish_helpdesk, mails_to
from support.smtp_peer import SmtpPeer
from support.system import RunningSystem, wait_for


@pytest.fixture
def system(own_broker: str, tmp_path: Path, peer: SmtpPeer) -> Iterator[RunningSystem]:
    """A system with the user Demo, a Gold partner, and an outgoing server."""
    with RunningSystem(tmp_path / "home", own_broker).running() as made:
        furnish_helpdesk(made, peer)
        yield made


def test_A5_A6_gold_gets_priority_and_an_expert_is_brought_in_after_two_days(
    system: RunningSystem, peer: SmtpPeer
) -> None:
    api = system.api()
    assert system.deliver(new_mail(ANN, SUPPORT, "It is slow", "Very slow.").as_bytes()) == 0

    case = wait_for(lambda: _case_with(api, priority="high"), "the Gold partner's priority")
    assert case["state"] == "open"
    assert case["responsible"]["name"] == "Demo User"
    entry = next(e for e in case["history"] if e["actor_name"] == "Priority to Gold partners")
    assert "Support Contract / Gold" in entry["reason"]
    assert [link["name"] for link in entry["cause"] if link["kind"] == "rule"] == [
        "Assign new cases",
        "Priority to Gold partners",
    ]
    assert wait_for(lambda: mails_to(peer, DEMO), "the mail to Demo")
    assert mails_to(peer, EXPERT) == []

    # Two days on: the rules service was stopped meanwhile, and fires what fell due, once.
    system.kill("rules")
    system.start_service("rules", days_ahead=2.01)
    system.wait_until_ready("rules")
    to_expert = wait_for(lambda: mails_to(peer, EXPERT), "the copy to the expert")
    assert "Very slow." in to_expert[0].get_body(("plain",)).get_content()
    wait_for(lambda: len(mails_to(peer, DEMO)) >= 2, "the reminder to Demo")
    case = api.get(f"/cases/{case['number']}")
    assert EXPERT in [watcher["address"] for watcher in case["watchers"]]
    assert "2 days after its creation" in case["history"][-1]["reason"]

    answer = answer_to(to_expert[0], EXPERT, "Have you tried turning it off and on?")
    assert system.deliver(answer.as_bytes()) == 0
    to_ann = wait_for(lambda: mails_to(peer, ANN), "the expert's answer to Ann")
    assert "turning it off" in to_ann[0].get_body(("plain",)).get_content()

    system.kill("rules")
    system.start_service("rules", days_ahead=4)
    system.wait_until_ready("rules")
    # A second case is overdue at once by that clock: when it fires, a sweep has seen the first.
    assert system.deliver(new_mail("tom@red.example", SUPPORT, "Lost", "Gone.").as_bytes()) == 0
    wait_for(lambda: len(mails_to(peer, EXPERT)) >= 2, "the copy of the second case")
    fired = [e for e in _history(api, case["number"]) if e["actor_name"].startswith("Copy to")]
    assert len(fired) == 1


def _case_with(api: Any, **values: Any) -> dict[str, Any] | None:
    found = api.get("/cases")["items"]
    if len(found) != 1 or any(found[0][name] != value for name, value in values.items()):
        return None
    return dict(api.get(f"/cases/{found[0]['number']}"))


def _history(api: Any, number: int) -> list[dict[str, Any]]:
    return list(api.get(f"/cases/{number}")["history"])
