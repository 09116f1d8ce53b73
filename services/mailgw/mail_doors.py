"""The doors behind which operators look at mails and decide about them."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, cast, get_args

from services.contracts.envelope import Actor
from services.contracts.errors import CROSSING, InvalidRequest
from services.contracts.mail import MailSend
from services.contracts.mail_lists import MailAct, MailQuestion, OutgoingAct, OutgoingQuestion
from services.contracts.reading import read
from services.mailgw import mail_list, outgoing_list
from services.mailgw.actions.act_on_mail import act_on_mail
from services.mailgw.actions.act_on_outgoing import act_on_outgoing
from services.mailgw.actions.queue_mail import queue_mails
from services.mailgw.incoming.pipeline import QUESTIONS
from services.mailgw.incoming.source import MOST_BYTES, source_of
from services.mailgw.wiring import Wiring
from services.messaging.door import rpc

MOST_PIECE_BYTES = 1024 * 1024

Json = dict[str, Any]
door = rpc(expected_exceptions=CROSSING)


class MailDoors:
    """Mails that came in, and the outgoing queue, for those who look after them."""

    wired: Wiring

    @door
    def list_mails(self, question: Json) -> Json:
        """A page of MailLine, the newest first: {"items", "next"}."""
        asked = read(MailQuestion, question, "question")
        with self.wired.transactions.database.read() as connection:
            return mail_list.page(connection, asked)

    @door
    def get_mail(self, mail_id: str) -> Json:
        """A MailView."""
        return self._view(mail_id)

    @door
    def get_mail_source(self, mail_id: str) -> Json:
        """A MailSource: the beginning of a mail as text."""
        with self.wired.transactions.database.read() as connection:
            size = mail_list.view(connection, mail_id).size_bytes
            raw = mail_list.piece(connection, mail_id, 0, MOST_BYTES)
        return dict(self.wired.run_blocking(source_of, raw, size).model_dump(mode="json"))

    @door
    def get_mail_bytes(self, mail_id: str, offset: int) -> Json:
        """The next bytes of a mail from `offset` on: {"content_base64"}, empty at its end."""
        if not 0 <= offset < 2**31:
            raise InvalidRequest("offset", "give a number of bytes from 0 on")
        with self.wired.transactions.database.read() as connection:
            found = mail_list.piece(connection, mail_id, offset, MOST_PIECE_BYTES)
        return {"content_base64": b64encode(found).decode("ascii")}

    @door
    def list_mail_filters(self) -> list[Json]:
        """The filters of the pipeline in their order: MailFilter."""
        return [one.model_dump(mode="json") for one in QUESTIONS]

    @door
    def act_on_mail(self, mail_id: str, act: str, actor: Json) -> Json:
        """Have a mail looked into once more; answers its MailView."""
        chosen = cast(MailAct, _one_of(act, get_args(MailAct)))
        act_on_mail(self.wired.transactions, mail_id, chosen, read(Actor, actor, "actor"))
        self.wired.stored.set()
        return self._view(mail_id)

    @door
    def order_mail(self, order: Json) -> None:
        """Queue a mail that belongs to no case, ordered as `mail.send`; the same order once.

        It is durable when this returns. Raises InvalidRequest.
        """
        wanted = read(MailSend, order, "order")
        for failure in queue_mails(self.wired.transactions, [wanted]):
            raise failure.error
        self.wired.queued.set()

    @door
    def list_outgoing_mails(self, question: Json) -> Json:
        """A page of OutgoingLine: {"items", "next"}."""
        asked = read(OutgoingQuestion, question, "question")
        with self.wired.transactions.database.read() as connection:
            return outgoing_list.page(connection, asked)

    @door
    def act_on_outgoing_mail(self, mail_id: str, act: str, actor: Json) -> None:
        """Try a mail of the outgoing queue again at once, or give it up."""
        chosen = cast(OutgoingAct, _one_of(act, get_args(OutgoingAct)))
        act_on_outgoing(self.wired.transactions, mail_id, chosen, read(Actor, actor, "actor"))
        self.wired.queued.set()

    def _view(self, mail_id: str) -> Json:
        with self.wired.transactions.database.read() as connection:
            return mail_list.view(connection, mail_id).model_dump(mode="json")


def _one_of(given: str, allowed: tuple[str, ...]) -> str:
    if given not in allowed:
        raise InvalidRequest("act", f"give one of {', '.join(allowed)}")
    return given
