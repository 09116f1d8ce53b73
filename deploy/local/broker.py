"""Which RabbitMQ this start uses, and the node of our own where there is no other."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import randrange
from urllib.parse import urlsplit

from deploy.local.errors import CannotStart
from deploy.local.home import Home
from deploy.local.ports import check_ports, free_port
from deploy.local.programs import Program
from services.messaging.broker_check import broker_check

USUAL_URI = "amqp://guest:guest@127.0.0.1:5672/"
SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
INSTALL = Path(__file__).with_name("broker_package.sh")
# Where our own node takes its ports, at random, so that two starts at one moment do not meet
# on the same; below the range from which outgoing connections get theirs.
OWN_PORTS = (20000, 30000)


@dataclass(frozen=True)
class Broker:
    """The address to use, and the programs that have to run for it, in order; maybe none."""

    uri: str
    programs: tuple[Program, ...] = ()


def choose_broker(environment: Mapping[str, str], home: Home) -> Broker:
    """The broker to use.

    AMQP_URI where it is set. Else our own node where its data is, for messages may wait in
    it, or where BROKER_PORT asks for it. Else the one that answers at RabbitMQ's usual
    port with its usual guest account. Else our own node.

    Raises CannotStart when AMQP_URI does not answer or RabbitMQ is not to be had.
    """
    given = environment.get("AMQP_URI")
    if given:
        _insist(given)
        return Broker(given)
    wanted_port = environment.get("BROKER_PORT")
    if not wanted_port and not home.broker.exists() and broker_check(USUAL_URI)() is None:
        return Broker(USUAL_URI)
    if not SERVER.exists():
        _install()
        if not wanted_port and not home.broker.exists() and broker_check(USUAL_URI)() is None:
            return Broker(USUAL_URI)  # the package has started it, as it will at each boot
    return own_broker(environment, home, _own_port(wanted_port))


def own_broker(environment: Mapping[str, str], home: Home, port: int) -> Broker:
    """A node with data, cookie and ports of its own, reachable from this machine only."""
    home.broker.mkdir(exist_ok=True)
    name_port = free_port(randrange(*OWN_PORTS))
    whole = {
        **environment,
        "HOME": str(home.broker),  # where Erlang keeps its cookie
        "ERL_EPMD_PORT": str(name_port),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": "casewire@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port(name_port + 1)),
        "ERL_CRASH_DUMP": str(home.broker / "erl_crash.dump"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "RABBITMQ_MNESIA_BASE": str(home.broker / "data"),
        "RABBITMQ_LOG_BASE": str(home.broker / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home.broker / "plugins"),
        "RABBITMQ_CONF_ENV_FILE": str(home.broker / "none"),
        "RABBITMQ_CONFIG_FILE": str(home.broker / "none"),
    }
    # Erlang would start its name server (epmd) as a daemon that outlives us.
    names = Program("names", [shutil.which("epmd") or "epmd"], whole, quiet=True)
    node = Program("broker", [str(SERVER)], whole, quiet=True)
    return Broker(f"amqp://guest:guest@127.0.0.1:{port}/", (names, node))


def _own_port(wanted: str | None) -> int:
    if not wanted:
        return free_port(randrange(*OWN_PORTS))
    if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
        raise CannotStart(f"BROKER_PORT should be a TCP port from 1 to 65535, not {wanted!r}")
    check_ports("127.0.0.1", {"BROKER_PORT": int(wanted)})
    return int(wanted)


def _insist(uri: str) -> None:
    parts = urlsplit(uri)
    if parts.scheme not in ("amqp", "amqps") or not parts.hostname:
        raise CannotStart("AMQP_URI should look like amqp://user:password@host:5672/vhost")
    trouble = broker_check(uri)()
    if trouble is not None:
        where = uri.replace(f"{parts.password}@", "…@") if parts.password else uri
        raise CannotStart(
            f"AMQP_URI ({where}): {trouble}; start that broker, "
            "or unset AMQP_URI to have Casewire look for one on this machine"
        )


def _install() -> None:
    if os.getuid() != 0 or shutil.which("apt-get") is None:
        raise CannotStart(
            "a RabbitMQ is needed: install it (apt-get install rabbitmq-server), or start a "
            "container (docker run -d -p 127.0.0.1:5672:5672 rabbitmq:3) and run this again "
            "with AMQP_URI=amqp://guest:guest@127.0.0.1:5672/"
        )
    subprocess.run([str(INSTALL)], check=False)
    if not SERVER.exists():
        raise CannotStart(
            "installing rabbitmq-server failed (see above); install it by hand "
            "(apt-get install rabbitmq-server), or set AMQP_URI to a broker that runs"
        )
