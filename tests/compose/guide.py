"""Every command of docs/operate.md, in the order in which a newcomer types them."""

from __future__ import annotations

import os
import re
import shlex

from compose.changes import ONE_SHOTS, OURS
from compose.company import Company
from compose.images import build_ours
from compose.main_job import each_is_one_case, send_many
from compose.places import DEPLOY, ROOT, ComposeTestError
from compose.stack import Stack

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
    subjects: list[str] = []
    for line in commands():
        if " backup " in line:
            subjects = send_many(company, "Backed up", MAILS)
            each_is_one_case(company, "Backed up", subjects)
        _typed(stack, company, line)
    each_is_one_case(company, "Backed up", subjects)
    each_is_one_case(company, "Restored", send_many(company, "Restored", MAILS))
    return f"{len(commands())} commands"


def _typed(stack: Stack, company: Company, line: str) -> None:
    try:
        _run(stack, company, line)
    except ComposeTestError as error:
        raise ComposeTestError(f"{line}: {str(error)[-3000:]}") from error


def _run(stack: Stack, company: Company, line: str) -> None:
    """One line as a shell and docker compose would, by podman-compose."""
    match shlex.split(line):
        case ["chown", user, folder]:
            os.chown(DEPLOY / folder, int(user), -1)
        case ["docker", "compose", "exec", service, *command]:
            said = stack.execute(stack.containers(service)[0], *command)
            if said != company.admin_password:
                raise ComposeTestError(f"{line}: {said}")
        case ["docker", "compose", "run", "--rm", service, *command]:
            stack.run_once(service, *command)
        case ["docker", "compose", "stop", *services]:
            for container in [one for name in services for one in stack.containers(name)]:
                stack.podman("stop", "--time", "40", container)
        case ["docker", "compose", "restart", *services]:
            for container in [one for name in services for one in stack.containers(name)]:
                stack.podman("restart", "--time", "40", container)
            for name in services:
                stack.wait_for(name, "service_healthy")
        case ["docker", "compose", "build"]:
            build_ours(stack.settings["CASEWIRE_VERSION"])
        case ["docker", "compose", "up", "--detach", *more]:
            _up(stack, more)
        case _:
            raise ComposeTestError(f"{line}: nothing here knows how to run it")


def _up(stack: Stack, more: Words) -> None:
    """podman-compose waits for nobody, so this does what `up` promises."""
    scaled = dict(one.split("=") for one in more if "=" in one)
    for name in (*(() if scaled else ONE_SHOTS), *OURS):
        count = {name: int(scaled[name])} if name in scaled else None
        if count or not scaled:
            stack.up(name, scale=count, recreate=not scaled)
    for name in OURS:
        stack.wait_for(name, "service_healthy")
