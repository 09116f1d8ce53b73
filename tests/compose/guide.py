"""Every command of docs/operate.md, in the order in which a newcomer types them.

What he types from the list of old containers on until they are removed takes place with no stop:
mails come in meanwhile, and somebody asks for the cases all the time.
"""

from __future__ import annotations

import os
import re
import shlex

from compose.changes import ONE_SHOTS, OURS, stopped
from compose.company import Company
from compose.images import build_ours
from compose.main_job import each_is_one_case, send_many
from compose.places import DEPLOY, ROOT, ComposeTestError
from compose.stack import Stack
from compose.visits import Visits

GUIDE = ROOT / "docs" / "operate.md"
BACKUP = DEPLOY / "backups" / "monday.tar.gz"
MAILS = 5
Words = list[str]


def commands() -> Words:
    """Each line of its blocks of commands."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines() if line]


def followed(stack: Stack, company: Company) -> str:
    """Run them all; what came in before the back-up is there after the restore, and works on."""
    BACKUP.unlink(missing_ok=True)
    lines = commands()
    start = _first_with("ps --quiet", lines)
    end = _first_with("docker rm", lines) + 1
    backed_up = send_many(company, "Backed up", MAILS)
    each_is_one_case(company, "Backed up", backed_up)
    for line in lines[:start]:
        _typed(stack, company, line)
    visits = _taken_over(stack, company, lines[start:end])
    for line in lines[end:]:
        _typed(stack, company, line)
    each_is_one_case(company, "Backed up", backed_up)
    each_is_one_case(company, "Restored", send_many(company, "Restored", MAILS))
    return (
        f"{len(lines)} commands; {visits.count} visits while another version took over, each"
        f" answered, within {visits.longest_seconds:.1f} s"
    )


def _first_with(words: str, lines: Words) -> int:
    return next(number for number, line in enumerate(lines) if words in line)


def _taken_over(stack: Stack, company: Company, lines: Words) -> Visits:
    """Run what replaces the containers while mails come in and somebody asks for the cases."""
    subjects: list[str] = []
    with Visits(company) as visits:
        for line in lines:
            subjects += send_many(company, f"Taken over {len(subjects)}", MAILS)
            _typed(stack, company, line)
        each_is_one_case(company, "Taken over", subjects)
    return visits


def _typed(stack: Stack, company: Company, line: str) -> None:
    try:
        _run(stack, company, line)
    except ComposeTestError as error:
        raise ComposeTestError(f"{line}: {str(error)[-3000:]}") from error


def _run(stack: Stack, company: Company, line: str) -> None:
    """One line as a shell would."""
    match shlex.split(line):
        case ["docker", "compose", *words]:
            _compose(stack, company, words)
        case ["chown", user, folder]:
            os.chown(DEPLOY / folder, int(user), -1)
        case ["xargs", "docker", "stop", "<", file]:
            stopped(stack, (DEPLOY / file).read_text().split())
        case ["xargs", "docker", "rm", "<", file]:
            stack.podman("rm", *(DEPLOY / file).read_text().split())
        case _:
            raise ComposeTestError("nothing here knows how to run it")


def _compose(stack: Stack, company: Company, words: Words) -> None:
    """As docker compose would, by podman-compose."""
    match words:
        case ["exec", service, *command]:
            said = stack.execute(stack.containers(service)[0], *command)
            if said != company.admin_password:
                raise ComposeTestError(f"it said {said}")
        case ["run", "--rm", "--no-deps", service, *command] | ["run", "--rm", service, *command]:
            stack.run_once(service, *command)
        case ["ps", "--quiet", *services, ">", file]:
            (DEPLOY / file).write_text("\n".join(_containers(stack, services)))
        case ["stop", *services]:
            for container in _containers(stack, services):
                stack.podman("stop", "--time", "40", container)
        case ["restart", *services]:
            for container in _containers(stack, services):
                stack.podman("restart", "--time", "40", container)
            for name in services:
                stack.wait_for(name, "service_healthy")
        case ["build"]:
            build_ours(stack.settings["CASEWIRE_VERSION"])
        case ["up", "--detach", *options]:
            _up(stack, options)
        case _:
            raise ComposeTestError("nothing here knows how to run it")


def _containers(stack: Stack, services: Words) -> Words:
    return [one for name in services for one in stack.containers(name)]


def _up(stack: Stack, options: Words) -> None:
    """podman-compose waits for nobody, so this does what `up` promises."""
    scaled = dict(one.split("=") for one in options if "=" in one)
    for name in (*(() if scaled else ONE_SHOTS), *OURS):
        count = {name: int(scaled[name])} if name in scaled else None
        if count or not scaled:
            stack.up(name, scale=count, recreate=not scaled)
        if not scaled:  # one of each, as without a number
            for another in stack.containers(name)[1:]:
                stack.podman("rm", "--force", "--time", "40", another)
    for name in OURS:
        stack.wait_for(name, "service_healthy")
