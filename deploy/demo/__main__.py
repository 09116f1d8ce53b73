"""`python -m deploy.demo [--web ADDRESS] [--password PASSWORD]`: what `make demo` runs."""

from __future__ import annotations

import argparse
import getpass
import os
import secrets
import sys
import time
from collections.abc import Iterator

from deploy.demo.api import Api
from deploy.demo.cast import read
from deploy.demo.errors import DemoError
from deploy.demo.play import Play
from deploy.demo.set_up import SetUp
from deploy.demo.stories import all_stories
from services.runtime.clock import now

SETTLING_SECONDS = 1.5


def main(arguments: list[str] | None = None) -> int:
    """Fill the running system; 0 when it is done, 1 when it cannot be, with the reason."""
    given = _parser().parse_args(arguments)
    try:
        _fill(given)
    except DemoError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.demo",
        description="Fill a running Casewire with a month of a support team.",
    )
    port = os.environ.get("WEB_PORT", "8000")
    parser.add_argument("--web", default=f"http://127.0.0.1:{port}", help="where Casewire answers")
    parser.add_argument("--name", default="admin", help="an administrator's login")
    parser.add_argument("--password", help="his password (or CASEWIRE_ADMIN_PASSWORD)")
    parser.add_argument("--agents-password", help="the one that the demo's agents get")
    parser.add_argument("--seed", type=int, default=1, help="another number, other stories")
    return parser


def _fill(given: argparse.Namespace) -> None:
    admin = Api(given.web, given.name, _password(given))
    agents_password = given.agents_password or secrets.token_urlsafe(9)
    _say("users, sections, categories, partners and rules (all of it takes some minutes)")
    there = SetUp(admin, agents_password)
    there.run()
    play = Play(
        seed=given.seed,
        admin=admin,
        agents={id: Api(given.web, login, agents_password) for login, id in there.users.items()},
        users=there.users,
        sections={section["id"]: section for section in there.sections.values()},
        say=_say,
    )
    stories = all_stories(given.seed, now())
    play.run(stories)
    for line in (*_refusals(play), *_summary(admin)):
        _say(line)
    logins = ", ".join(user["login"] for user in read("company.yaml")["users"])
    _say(f"look at it: {given.web}")
    _say(f"sign in as admin, or as one of {logins} with the password {agents_password}")


def _password(given: argparse.Namespace) -> str:
    """Raises DemoError when there is none and nobody to ask."""
    password = given.password or os.environ.get("CASEWIRE_ADMIN_PASSWORD")
    if password:
        return str(password)
    if not sys.stdin.isatty():
        raise DemoError(
            "give the administrator's password with --password or in CASEWIRE_ADMIN_PASSWORD"
        )
    return getpass.getpass(f"Password of {given.name} (the first start showed it): ")


def _refusals(play: Play) -> Iterator[str]:
    if play.refused:
        yield f"{len(play.refused)} steps were refused, the first: {play.refused[0]}"


def _summary(admin: Api) -> Iterator[str]:
    """What the reports say once they have taken in all that happened."""
    taken_in = -1
    while taken_in != (now_taken_in := admin.get("/reports", by="state")["as_of"]):
        taken_in = now_taken_in
        time.sleep(SETTLING_SECONDS)
    for by in ("state", "section", "kind"):
        counts: dict[str, int] = {}
        for row in admin.get("/reports", by=by)["items"]:
            name = row[by] or "none"
            counts[name] = counts.get(name, 0) + row["count"]
        shares = ", ".join(f"{count} {name}" for name, count in counts.items())
        yield f"cases by {by}: {shares}"


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
