"""The mail gateway: accounts, fetching and attachments."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from services.contracts.mail import MailSend
from services.messaging.rpc_client import RpcClient
from services.web.clients.accounts import Direction, IncomingAccount, OutgoingAccount
from services.web.clients.mails import MailsClient


@dataclass(frozen=True)
class File:
    """An attachment; name and type are claims of whoever sent it."""

    filename: str
    content_type: str
    content: bytes


class MailgwClient:
    """Each method raises the errors of services.contracts.errors that mailgw answers with."""

    def __init__(self, rpc: RpcClient) -> None:
        self._rpc = rpc
        self.mails = MailsClient(rpc)

    def incoming(self) -> list[IncomingAccount]:
        """Accounts that mails come from."""
        answer = self._rpc.call("mailgw", "list_incoming_accounts")
        return [IncomingAccount.model_validate(account) for account in answer]

    def outgoing(self) -> list[OutgoingAccount]:
        """Accounts that mails go out by."""
        answer = self._rpc.call("mailgw", "list_outgoing_accounts")
        return [OutgoingAccount.model_validate(account) for account in answer]

    def save(self, direction: Direction, account: dict[str, Any]) -> dict[str, Any]:
        """Add an account or change the one of that id; a password left out stays."""
        return dict(self._rpc.call("mailgw", f"save_{direction}_account", account=account))

    def approve(self, direction: Direction, name: str) -> None:
        """Begin to use an account."""
        self._rpc.call("mailgw", "approve_account", direction=direction, name=name)

    def stop(self, direction: Direction, name: str) -> None:
        """Use an account no longer, until it is approved again."""
        self._rpc.call("mailgw", "stop_account", direction=direction, name=name)

    def delete(self, direction: Direction, name: str) -> None:
        """Remove an account; its mails stay."""
        self._rpc.call("mailgw", "delete_account", direction=direction, name=name)

    def test(self, direction: Direction, name: str) -> dict[str, Any]:
        """Try to connect; `{"ok": bool, "why": "in words"}`."""
        return dict(self._rpc.call("mailgw", "test_account", direction=direction, name=name))

    def order_mail(self, order: MailSend) -> None:
        """Have a mail sent that belongs to no case; it is in the queue when this returns."""
        self._rpc.call("mailgw", "order_mail", order=order.model_dump(mode="json"))

    def fetch(self, name: str | None = None) -> dict[str, Any]:
        """Fetch now; `{"stored": n, "failed": {account: why}}`."""
        return dict(self._rpc.call("mailgw", "fetch_now", name=name))

    def attachment(self, mail_id: str, part: int) -> File:
        """The bytes of one part of a stored mail; raises NotFound."""
        answer = self._rpc.call("mailgw", "get_attachment", mail_id=mail_id, part=part)
        content = base64.b64decode(answer["content_base64"])
        return File(answer["filename"], answer["content_type"], content)
