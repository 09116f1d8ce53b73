"""The gateway as it runs, its timer asleep: new mail by push, over TLS, and POP3 by hand (M3)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from integration.mailgw.fetched_account import mail
from integration.mailgw.running_gateway import CASES, Running, until
from kombu.connection import Connection
from support.broker import BrokerServer
from support.dovecot import PASSWORD, DovecotServer

from services.messaging import topology


@pytest.fixture
def gateway(broker: BrokerServer, tmp_path: Path, dovecot: DovecotServer) -> Iterator[Running]:
    made = Running(broker, tmp_path)
    made.environment["FETCH_INTERVAL_SECONDS"] = "3600"
    made.environment["SSL_CERT_FILE"] = str(dovecot.certificate)
    with Connection(broker.uri) as connection:
        topology.declare(connection)
        topology.main_queue(CASES).bind(connection.default_channel).purge()
    assert made.command("migrate") == 0
    made.start()
    yield made
    assert made.stop() == 0
    made.rpc.close()


@pytest.mark.parametrize("security", ["none", "tls"])
def test_M3_the_running_gateway_fetches_when_the_server_tells(
    gateway: Running, dovecot: DovecotServer, security: str
) -> None:
    port = dovecot.tls_port if security == "tls" else dovecot.port
    fields = dovecot.account(password=PASSWORD, security=security, port=port)
    gateway.call("save_incoming_account", account=fields)
    gateway.call("approve_account", direction="incoming", name="support")
    dovecot.append(mail(1))
    assert gateway.events(1)[0].data.subject == "Printer 1"
    waits: list[float] = []
    for number in range(2, 6):
        until(lambda: dovecot.count("UNSEEN") == 0)
        began = time.monotonic()
        dovecot.append(mail(number))
        assert gateway.events(1)[0].data.subject == f"Printer {number}"
        waits.append(time.monotonic() - began)
    assert max(waits) < 10
    until(lambda: 'casewire_fetch_lag_seconds{account="support"}' in gateway.page("/metrics"))


def test_M3_pop3_is_fetched_by_hand_and_told_how_it_fares(
    gateway: Running, dovecot: DovecotServer
) -> None:
    dovecot.drop([mail(1), mail(2)])
    fields = dovecot.pop3_account(password=PASSWORD, after_fetch="delete")
    gateway.call("save_incoming_account", account=fields)
    gateway.call("approve_account", direction="incoming", name="support")
    assert gateway.call("fetch_now", name="support") == {"stored": 2, "failed": {}}
    assert {event.data.subject for event in gateway.events(2)} == {"Printer 1", "Printer 2"}
    assert dovecot.count("ALL") == 0
