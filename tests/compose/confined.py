"""What no container may do: be root, write to its own files, read what is another service's."""

from __future__ import annotations

import requests

from compose.company import PORTS, SITE, Company
from compose.places import ComposeTestError
from compose.stack import Stack

RUNNING = (
    *("postgres", "rabbitmq", "cases", "rules", "mailgw", "reporting", "web"),
    *("proxy", "prometheus", "mail"),
)
NET_BIND_SERVICE = 1 << 10  # its bit of a set of capabilities (capabilities(7))
TOKEN = "a-token-that-lets-in"
# As what it may not: rules reads a table of cases, and a message from the queue of cases.
READ_TABLE = """
import os, psycopg
url = open(os.environ["DATABASE_URL_FILE"]).read()
try:
    psycopg.connect(url).execute("SELECT * FROM cases.cases")
except psycopg.errors.InsufficientPrivilege:
    print("refused")
"""
READ_QUEUE = """
import os
from amqp.exceptions import AccessRefused
from kombu.connection import Connection
with Connection(open(os.environ["AMQP_URI_FILE"]).read()) as connection:
    try:
        connection.channel().basic_get("casewire.cases")
    except AccessRefused:
        print("refused")
"""
MAKE_SCHEMA = READ_TABLE.replace("SELECT * FROM cases.cases", "CREATE SCHEMA mine")


def containers_are_confined(stack: Stack) -> str:
    """Each container runs as somebody, read-only, without capabilities, with limits."""
    for service in RUNNING:
        for name in stack.containers(service):
            _confined(stack, service, name)
    return f"{len(RUNNING)} kinds of containers"


def _confined(stack: Stack, service: str, name: str) -> None:
    known = stack.inspect(name)
    host = known["HostConfig"]
    allowed = NET_BIND_SERVICE if service == "proxy" else 0
    status = stack.execute(name, "cat", "/proc/1/status")
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    faults = {
        "runs as root": fields["Uid"].split()[0] == "0",
        "may write to its root": not host["ReadonlyRootfs"],
        "has capabilities": int(fields["CapBnd"], 16) & ~allowed != 0,
        "may gain privileges": fields["NoNewPrivs"] != "1",
        "has no memory limit": host["Memory"] == 0,
        "has no limit of processes": host["PidsLimit"] <= 0,
    }
    if wrong := [what for what, is_so in faults.items() if is_so]:
        raise ComposeTestError(f"{name} {', '.join(wrong)}")


def services_see_their_own_alone(stack: Stack) -> str:
    """The rules service is refused the table and the queue of cases, and a schema of its own."""
    (rules, *_) = stack.containers("rules")
    for what, program in (("table", READ_TABLE), ("queue", READ_QUEUE), ("schema", MAKE_SCHEMA)):
        if stack.execute(rules, "python", "-c", program).strip() != "refused":
            raise ComposeTestError(f"rules was not refused the {what}")
    return "table, queue and new schema refused to rules"


def no_log_holds_a_token(stack: Stack, company: Company) -> str:
    """Neither with the web service there nor with it away does a path reach a log."""
    session = company.session()
    session.get(f"{SITE}/portal/{TOKEN}", timeout=30)
    for name in stack.containers("web"):
        stack.podman("stop", "--time", "40", name)
    status = session.get(f"{SITE}/portal/{TOKEN}", timeout=60).status_code
    for name in stack.containers("web"):
        stack.podman("start", name)
    stack.wait_for("web", "service_healthy")
    for service in RUNNING:
        for name in stack.containers(service):
            if TOKEN in stack.logs(name):
                raise ComposeTestError(f"the log of {name} holds the token of a portal link")
    return f"asked with the web service there and away (then {status})"


def secrets_are_in_no_log(stack: Stack, company: Company) -> str:
    """The administrator's password, and those in the services' addresses."""
    secrets = [company.admin_password]
    for service in ("cases", "rules", "mailgw", "reporting", "web"):
        name = stack.containers(service)[0]
        for file in ("database_url", "amqp_uri"):
            url = stack.execute(name, "cat", f"/run/secrets/{file}")
            secrets.append(url.partition("://")[2].partition("@")[0].partition(":")[2])
    for service in stack.services:
        for name in stack.containers(service):
            if any(secret in stack.logs(name) for secret in secrets):
                raise ComposeTestError(f"the log of {name} holds a password")
    return f"{len(secrets)} passwords looked for"


def guest_is_unknown() -> str:
    """The management of the broker lets in nobody by RabbitMQ's usual name."""
    url = f"http://127.0.0.1:{PORTS['RABBITMQ_MANAGEMENT_PORT']}/api/overview"
    status = requests.get(url, auth=("guest", "guest"), timeout=30).status_code
    if status != 401:
        raise ComposeTestError(f"guest got {status}")
    return "401"
