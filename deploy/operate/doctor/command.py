"""The doctor's arguments, its round of checks, and how it tells what they found."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict

from deploy.operate.doctor.address import check_address
from deploy.operate.doctor.broker import check_broker
from deploy.operate.doctor.databases import check_databases
from deploy.operate.doctor.files import check_disk, check_files
from deploy.operate.doctor.finding import Finding, ok, wrong
from deploy.operate.doctor.keys import check_keys
from deploy.operate.doctor.mails import check_mails
from deploy.operate.doctor.outboxes import check_outboxes
from deploy.operate.doctor.processes import check_processes
from deploy.operate.doctor.rules import check_rules
from services.runtime.settings import SettingsError
from services.web.settings import WebSettings

HELP = "check everything, and say what to do about what is not well"
SIGNS = {"ok": "ok     ", "warning": "WARNING", "wrong": "WRONG  "}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How it tells, and where the services are."""
    parser.add_argument("--json", action="store_true", help="tell it as JSON, for programs")
    parser.add_argument(
        "--host",
        metavar="NAME",
        help="where the services' management ports answer, when that is not BIND_ADDRESS; "
        "{service} stands for the service's name, and every address of a name is asked",
    )
    parser.add_argument(
        "--not-whole-files",
        action="store_true",
        help="do not read SQLite's files whole to see whether they are intact",
    )


def run(given: argparse.Namespace) -> int:
    """Check and tell; 1 when something is wrong."""
    findings = list(_findings(given))
    if given.json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False))
    else:
        _tell(findings)
    return int(any(finding.level == "wrong" for finding in findings))


def _findings(given: argparse.Namespace) -> Iterator[Finding]:
    try:
        settings = WebSettings.load()
    except SettingsError as error:
        yield wrong("settings", str(error), "correct the variables that it names")
        return
    yield ok("settings", f"all can be taken; CASEWIRE_HOME is {settings.home.absolute()}")
    yield from check_broker(settings)
    usable = yield from check_databases(settings, whole_files=not given.not_whole_files)
    yield from check_outboxes(settings, usable)
    yield from check_disk(settings)
    yield from check_files(settings)
    yield from check_keys(settings, usable)
    yield from check_processes(settings, given.host)
    yield from check_mails(settings, usable)
    yield from check_rules(settings, usable)
    yield from check_address(settings)


def _tell(findings: list[Finding]) -> None:
    for finding in findings:
        print(f"{SIGNS[finding.level]}  {finding.check}: {finding.says}")
        if finding.cure:
            print(f"{'':9}→ {finding.cure}")
    counted = {level: sum(one.level == level for one in findings) for level in SIGNS}
    print(f"\n{len(findings)} checks: {counted['warning']} warnings, {counted['wrong']} wrong")
