"""The mail gateway: mails that came in, and the outgoing queue."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from services.contracts.envelope import Actor
from services.contracts.mail_lists import (
    MailAct,
    MailFilter,
    MailLine,
    MailQuestion,
    MailSource,
    MailView,
    OutgoingAct,
    OutgoingLine,
    OutgoingQuestion,
)
from services.messaging.rpc_client import RpcClient
from services.web.clients.page import Page, read_page


class MailsClient:
    """Each method raises the errors of services.contracts.errors that mailgw answers with."""

    def __init__(self, rpc: RpcClient) -> None:
        self._rpc = rpc

    def list_mails(self, question: MailQuestion) -> Page[MailLine]:
        """A page of mails, the newest first."""
        asked = question.model_dump(mode="json")
        return read_page(MailLine, self._rpc.call("mailgw", "list_mails", question=asked))

    def get(self, mail_id: str) -> MailView:
        """A mail with its walk; raises NotFound."""
        return MailView.model_validate(self._rpc.call("mailgw", "get_mail", mail_id=mail_id))

    def of_entry(self, case_number: int, entry: int) -> MailLine | None:
        """The mail by which an entry of a case's discussion came, where it is known."""
        question = MailQuestion(case_number=case_number, message_number=entry, limit=1)
        return next(iter(self.list_mails(question).items), None)

    def source(self, mail_id: str) -> MailSource:
        """The beginning of a mail as text; raises NotFound."""
        answer = self._rpc.call("mailgw", "get_mail_source", mail_id=mail_id)
        return MailSource.model_validate(answer)

    def content(self, mail_id: str) -> Iterator[bytes]:
        """A mail as it came, piece by piece; raises NotFound before the first."""
        offset = 0
        while True:
            answer = self._rpc.call("mailgw", "get_mail_bytes", mail_id=mail_id, offset=offset)
            piece = base64.b64decode(answer["content_base64"])
            if not piece:
                return
            yield piece
            offset += len(piece)

    def act(self, mail_id: str, act: MailAct, actor: Actor) -> MailView:
        """Have a mail looked into once more; raises NotFound and InvalidRequest."""
        given = actor.model_dump(mode="json")
        answer = self._rpc.call("mailgw", "act_on_mail", mail_id=mail_id, act=act, actor=given)
        return MailView.model_validate(answer)

    def filters(self) -> list[MailFilter]:
        """The filters that every mail runs through, in their order."""
        answer = self._rpc.call("mailgw", "list_mail_filters")
        return [MailFilter.model_validate(one) for one in answer]

    def outgoing(self, question: OutgoingQuestion) -> Page[OutgoingLine]:
        """A page of the outgoing queue."""
        asked = question.model_dump(mode="json")
        answer = self._rpc.call("mailgw", "list_outgoing_mails", question=asked)
        return read_page(OutgoingLine, answer)

    def act_on_outgoing(self, mail_id: str, act: OutgoingAct, actor: Actor) -> None:
        """Try a mail of the queue again at once, or give it up; raises as `act`."""
        given = actor.model_dump(mode="json")
        self._rpc.call("mailgw", "act_on_outgoing_mail", mail_id=mail_id, act=act, actor=given)
