"""kill -9 of the gateway while mails flow in and out: each is one message, and each arrives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.dovecot import DovecotServer
from support.mail_flood import MailFlood
from support.mail_flood_account import account_of, come_to_rest
from support.mail_office import furnish
from support.smtp_peer import SmtpPeer
from support.system import RunningSystem

MAILS, A_SECOND, SEED = 120, 8.0, 4
PATIENCE_SECONDS = 90.0


@pytest.fixture
def dovecot() -> Iterator[DovecotServer]:
    server = DovecotServer()
    try:
        server.start()
        yield server
    finally:
        server.destroy()


@pytest.fixture
def peer() -> Iterator[SmtpPeer]:
    made = SmtpPeer()
    made.start()
    yield made
    made.stop()


@pytest.mark.timeout(300)
def test_M12_each_mail_in_is_one_message_and_each_out_arrives_though_the_gateway_is_killed(
    own_broker: str, tmp_path: Path, dovecot: DovecotServer, peer: SmtpPeer
) -> None:
    with RunningSystem(tmp_path / "home", own_broker).running() as system:
        flood = MailFlood(system, dovecot, peer, MAILS, A_SECOND, SEED)
        furnish(system, dovecot, peer)
        flood.run()
        come_to_rest(flood, PATIENCE_SECONDS)
        account = account_of(flood)
    print(f"seed {SEED}, {len(flood.kills)} kills, {flood.killed_deliveries} killed deliveries")
    print(account)
    assert not account.wrong, "\n".join(account.wrong)
    assert len(flood.kills) >= 4 and account.ordered > MAILS
    assert account.given >= MAILS and account.kinds["answer filed"] > MAILS // 5
