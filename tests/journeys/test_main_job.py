"""The main job from front door to front door.

A customer's mail lies in an IMAP mailbox; it becomes a case, a rule gives it to Eve, she gets it
by mail and answers by mail; the customer gets her answer and the case is done; he answers, and it
is open again. Report and metrics agree at the end.
"""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Iterator
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from builders.mail_program import answer_to, new_mail
from support.dovecot import PASSWORD, DovecotServer
from support.postgresql import PostgresqlServer
from support.smtp_peer import SmtpPeer
from support.system import Api, RunningSystem, wait_for
from support.trace_collector import Span, TraceCollector

SUPPORT, EVE, ANN, CARL = (
    "support@ours.example",
    "eve@ours.example",
    "ann@blue.example",
    "carl@blue.example",
)
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


class Company:
    """A running system with a mailbox, an outgoing server, Eve, and the rule that assigns."""

    def __init__(self, system: RunningSystem, mailbox: DovecotServer, peer: SmtpPeer) -> None:
        self.system, self.mailbox, self.peer = system, mailbox, peer
        self.api: Api = system.api()
        self._read = 0
        self.eve = self.api.post("/users", login="eve", name="Eve Expert", address=EVE)
        section = self.api.get("/sections")["items"][0]
        self.api.patch(
            f"/sections/{section['id']}",
            version=section["version"],
            reply_address=SUPPORT,
            close_on_reply=True,
        )
        self.api.post(
            "/rules",
            name="Assign new cases",
            criteria={"state_from": "none"},
            actions=[
                {"do": "assign", "to": "user", "user_id": self.eve["id"]},
                {"do": "set_state", "state": "open"},
            ],
        )
        self._accounts()

    def _accounts(self) -> None:
        incoming = {
            "name": "Support mailbox",
            "protocol": "imap",
            "server": "127.0.0.1",
            "port": self.mailbox.port,
            "security": "none",
            "login": "support",
            "password": PASSWORD,
            "address": SUPPORT,
        }
        outgoing = {
            "name": "Our server",
            "server": "127.0.0.1",
            "port": self.peer.port,
            "security": "none",
            "address": SUPPORT,
        }
        self.api.post("/accounts/incoming", **incoming)
        self.api.post("/accounts/outgoing", **outgoing)
        for direction, name in (("incoming", "Support mailbox"), ("outgoing", "Our server")):
            tested = self.api.post(f"/accounts/{direction}/{name}/test", 200)
            assert tested["ok"], tested
            self.api.post(f"/accounts/{direction}/{name}/approve", 204)

    def send(self, mail: EmailMessage) -> None:
        """A mail arrives in the mailbox."""
        self.mailbox.append(mail.as_bytes())

    def mail_to(self, address: str) -> EmailMessage:
        """The next mail that the outgoing server takes for this address."""

        def next_one() -> EmailMessage | None:
            for position in range(self._read, len(self.peer.mails)):
                received = self.peer.mails[position]
                if address in received.recipients:
                    self._read = position + 1
                    parsed = email.message_from_bytes(received.raw, policy=email.policy.default)
                    return cast(EmailMessage, parsed)
            return None

        return wait_for(next_one, f"a mail to {address}", 30)

    def case(self, number: int, state: str) -> dict[str, Any]:
        """The case, once it is in this state."""

        def reached() -> dict[str, Any] | None:
            found = self.api.get(f"/cases/{number}")
            return found if found["state"] == state else None

        return wait_for(reached, f"case {number} {state}", 30)


@pytest.fixture(scope="module")
def mailbox() -> Iterator[DovecotServer]:
    server = DovecotServer()
    try:
        server.start()
        yield server
    finally:
        server.destroy()


@pytest.fixture
def collector() -> Iterator[TraceCollector]:
    made = TraceCollector()
    yield made
    made.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def company(
    request: pytest.FixtureRequest,
    own_broker: str,
    tmp_path: Path,
    mailbox: DovecotServer,
    collector: TraceCollector,
) -> Iterator[Company]:
    settings = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint,
        "OTEL_BSP_SCHEDULE_DELAY": "200",  # milliseconds
    }
    if request.param == "postgresql":
        server: PostgresqlServer = request.getfixturevalue("postgresql")
        settings["DATABASE_URL"] = server.new_database("main_job")
    peer = SmtpPeer()
    peer.start()
    try:
        with RunningSystem(tmp_path / "home", own_broker, **settings).running() as system:
            yield Company(system, mailbox, peer)
    finally:
        peer.stop()
        mailbox.empty()


def test_M5_M6_M7_a_case_lives_by_mail_alone(company: Company, collector: TraceCollector) -> None:
    api = company.api
    company.send(
        new_mail(
            f"Ann Blue <{ANN}>",
            SUPPORT,
            "Problem with the printer",
            "It burns.",
            cc=CARL,
            attachment=PICTURE,
        )
    )

    passed_on = company.mail_to(EVE)
    found = api.get("/cases", q="printer")["items"]
    assert len(found) == 1
    number = found[0]["number"]
    assert passed_on["Subject"] == f"[{number}] Problem with the printer"
    assert "It burns." in passed_on.get_body(("plain",)).get_content()
    assert [part.get_content() for part in passed_on.iter_attachments()] == [PICTURE]

    case = company.case(number, "open")
    assert case["responsible"] == {"id": company.eve["id"], "name": "Eve Expert"}
    assert case["messages"][0]["attachments"][0]["filename"] == "burnt.png"
    by_rule = [entry for entry in case["history"] if entry["actor_kind"] == "rule"]
    assert [entry["actor_name"] for entry in by_rule] == ["Assign new cases"]
    assert [link["kind"] for link in by_rule[0]["cause"]].count("event") >= 1

    company.send(answer_to(passed_on, f"Eve <{EVE}>", "Use water."))
    reply = company.mail_to(ANN)
    assert "support@ours.example" in reply["From"]
    assert CARL in reply["Cc"]
    words = reply.get_body(("plain",)).get_content().splitlines()
    assert words[0] == "Use water." and words[-2].endswith("Ann Blue wrote:")
    assert words[-1] == "> It burns."
    assert "<blockquote" in reply.get_body(("html",)).get_content()
    case = company.case(number, "done")
    assert case["closed_at"] is not None
    assert [m["direction"] for m in case["messages"]] == ["in", "out"]

    company.send(answer_to(reply, f"Ann Blue <{ANN}>", "It still burns."))
    back = company.mail_to(EVE)
    assert "It still burns." in back.get_body(("plain",)).get_content()
    case = company.case(number, "open")
    assert [m["direction"] for m in case["messages"]] == ["in", "out", "in"]
    assert case["messages"][2]["text"].strip() == "It still burns."
    assert [entry["version"] for entry in case["history"]] == list(range(1, case["version"] + 1))

    _report_and_metrics_agree(company, case)
    trace = _one_id_leads_from_mail_to_report(company, number)
    _a_trace_shows_it(collector, trace.replace("-", ""))


def _one_id_leads_from_mail_to_report(company: Company, case: int) -> str:
    """O1: the logs of all services tell what the first mail led to under one id."""
    lines = {
        service: _log_of(company, service) for service in ("mailgw", "cases", "rules", "reporting")
    }
    first = next(one for one in lines["mailgw"] if one["event"] == "begun")
    assert first["type"] == "mail.received"
    id: str = first["correlation_id"]

    def steps(service: str) -> list[str]:
        found = [one for one in lines[service] if one.get("correlation_id") == id]
        assert {one.get("case", case) for one in found} == {case}
        return [one["type"] for one in found if one["event"] == "handled"]

    assert steps("cases")[:2] == ["mail.received", "rule.fired"]
    assert steps("rules")[0] == "case.created"
    assert set(steps("reporting")) >= {"case.created", "case.state_changed"}
    assert "mail.send" in steps("mailgw")
    assert "It burns." not in "".join(map(company.system.log, lines))
    return id


def _a_trace_shows_it(collector: TraceCollector, trace: str) -> None:
    """O1: the same as a tree, from the first mail on; every branch hangs on what led to it."""

    def found() -> list[Span]:
        return [span for span in collector.spans if span.trace == trace]

    def whole() -> bool:
        ids = {span.id for span in found()}
        names = {span.name for span in found()}
        wanted = {"casewire.reporting case.created", "casewire.mailgw mail.send", "mail.sent"}
        return wanted <= names and all(not one.parent or one.parent in ids for one in found())

    wait_for(whole, "a whole trace", 20)
    by_id = {span.id: span for span in found()}
    roots = [span for span in found() if not span.parent]
    assert [(one.service, one.name) for one in roots] == [("casewire-mailgw", "mail.received")]
    way, step = [], next(one for one in found() if one.name == "casewire.reporting case.created")
    while step.parent:
        way.append(step.service.removeprefix("casewire-"))
        step = by_id[step.parent]
    assert way == ["reporting", "cases"]
    assert all(0 < one.begun <= one.ended for one in found())


def _log_of(company: Company, service: str) -> list[dict[str, Any]]:
    lines = company.system.log(service).splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def _report_and_metrics_agree(company: Company, case: dict[str, Any]) -> None:
    def reported() -> dict[str, Any] | None:
        rows = company.api.get("/reports")["items"]
        open_rows = [row for row in rows if row["state"] == "open"]
        return open_rows[0] if len(rows) == 1 and open_rows else None

    row = wait_for(reported, "a report of one open case", 20)
    assert (row["count"], row["closed"]) == (1, 0)
    assert row["user"] == "Eve Expert"
    assert row["section"] == case["section"]["name"]
    assert row["month"] == case["created_at"][:7]

    rebuilt = company.system.run_module("services.reporting", "rebuild")
    assert "0 differences found" in rebuilt
    assert "1 facts from" in rebuilt
    assert company.api.get("/reports")["items"] == [row]

    metric = company.system.metric
    wait_for(lambda: metric("cases", "casewire_open_cases") == 1, "the gauge of open cases", 20)
    wait_for(lambda: metric("reporting", "casewire_open_cases") == 1, "reporting's gauge", 20)
    assert metric("rules", "casewire_rules_fired_total") == 1
    assert metric("mailgw", "casewire_mails_fetched_total") == 3
    assert metric("mailgw", "casewire_mails_sent_total") == len(company.peer.mails)
    assert metric("cases", "casewire_messages_handled_total", type="mail.received") == 3
    for service in ("cases", "rules", "mailgw"):
        depth = partial(metric, service, "casewire_outbox_depth")
        wait_for(lambda depth=depth: depth() == 0, f"the gauge of {service}'s outbox", 20)
        assert metric(service, "casewire_outbox_depth") == 0
    for service in ("cases", "rules", "mailgw", "reporting"):
        assert metric(service, "casewire_messages_dead_lettered_total") == 0
