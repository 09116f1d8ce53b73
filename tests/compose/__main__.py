"""`make compose-test`: builds all images, runs compose.yaml, and records what became of it."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Iterator

from compose import changes, confined, guide, main_job
from compose.company import PORTS, SITE, Company
from compose.images import build_ours, build_stand_ins
from compose.places import ComposeTestError
from compose.record import Record
from compose.stack import Stack

SETTINGS = {
    **PORTS,
    "CASEWIRE_VERSION": "one",
    "WEB_ADDRESS": SITE,
    "FETCH_INTERVAL_SECONDS": "2",
}
TROUBLE = (ComposeTestError, AssertionError, OSError, ValueError, LookupError)
Step = tuple[str, Callable[[], object]]


def main() -> int:
    """0 when every step went well; the record is written either way."""
    record = Record()
    stack = Stack(dict(SETTINGS))
    try:
        for name, step in steps(stack):
            record.begin(name)
            try:
                record.end(step())
            except TROUBLE as error:  # the others are tried all the same
                traceback.print_exc()
                record.fail(error)
    except TROUBLE as error:
        traceback.print_exc()
        record.fail(error)
    finally:
        record.begin("all is removed")
        stack.down()
        record.end("containers, networks and volumes")
        record.write()
    return 0 if record.is_good else 1


def steps(stack: Stack) -> Iterator[Step]:
    """What is done, in order."""
    yield "stand-ins for images of others are built", build_stand_ins
    yield "our images are built by the shipped Dockerfiles", lambda: build_ours("one")
    yield "podman-compose brings all up", lambda: _up(stack)
    company = Company(stack)
    yield "containers are confined", lambda: confined.containers_are_confined(stack)
    yield "each service sees its own alone", lambda: confined.services_see_their_own_alone(stack)
    yield "guest is unknown to the broker", confined.guest_is_unknown
    yield "a mail becomes a case, its answer a mail", lambda: _job(company, "Printer one")
    yield "events reach an open page", lambda: main_job.stream_is_passed_on(company)
    yield "Prometheus watches", lambda: changes.is_watched({})
    yield "every service runs several times", lambda: changes.scaled(stack, company)
    yield "Prometheus finds the replicas", lambda: changes.is_watched(changes.REPLICAS)
    yield "containers are killed", lambda: changes.killed(stack, company)
    yield "the broker is restarted", lambda: changes.broker_restarted(stack, company)
    yield "a new version takes over", lambda: changes.upgraded(stack, company)
    yield "the main job still works", lambda: _job(company, "Printer two")
    yield "every command of docs/operate.md", lambda: guide.followed(stack, company)
    yield "no log holds a portal token", lambda: confined.no_log_holds_a_token(stack, company)
    yield "no log holds a password", lambda: confined.secrets_are_in_no_log(stack, company)
    yield "all stop gracefully", lambda: changes.stopped(stack, _of_ours(stack))


def _up(stack: Stack) -> str:
    stack.up()
    for name in (*changes.OURS, "proxy", "prometheus", "mail"):
        stack.wait_for(name, "service_healthy")
    return "all healthy"


def _of_ours(stack: Stack) -> list[str]:
    return [one for name in changes.OURS for one in stack.containers(name)]


def _job(company: Company, subject: str) -> str:
    return f"case {main_job.mail_to_answer(company, subject)}"


if __name__ == "__main__":
    started = time.monotonic()
    code = main()
    print(
        f"compose-test: {time.monotonic() - started:.0f} s, {'well' if code == 0 else 'NOT well'}"
    )
    sys.exit(code)
