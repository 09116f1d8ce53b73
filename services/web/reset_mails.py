"""Ordering the mails with links for new passwords, behind the back of whoever asked.

Who asks gets the same answer at once, whether there is such a user or not.
"""

from __future__ import annotations

from structlog import get_logger

from services.contracts.directory import User
from services.contracts.errors import ContractError
from services.contracts.mail import Address, MailSend, MailSendData, message_id_for
from services.runtime.clock import now
from services.runtime.identity import new_id
from services.web.access import resets, sign_in_log
from services.web.access.people import active_users_at
from services.web.access.resets import Asked
from services.web.reset_words import reset_words
from services.web.wiring import Wiring

PATH = "/reset-password/"
log = get_logger()


def order_reset_mails(wiring: Wiring) -> int:
    """Order the mail for each who asked and whom one reaches; how many were ordered.

    What a service that is away leaves undone is tried again within the next half hour.
    """
    with wiring.database.read() as connection:
        if not resets.is_any_waiting(connection, now()):
            return 0
    with wiring.database.write() as connection:
        waiting = resets.take_waiting(connection, now())
    ordered = 0
    for asked in waiting:
        try:
            ordered += _see_to(wiring, asked)
        except ContractError as error:
            log.warning("a mail for a new password waits", why=str(error))
    return ordered


def _see_to(wiring: Wiring, asked: Asked) -> bool:
    user = _user_of(wiring, asked.name)
    secret = None
    moment = now()
    with wiring.database.write() as connection:
        if user is not None and user.active and user.address:
            secret = resets.make_link(connection, asked, user.id, moment)
    if secret is not None and user is not None:
        wiring.mailgw.order_mail(_mail(wiring, user, asked, secret))
    with wiring.database.write() as connection:
        resets.note_handled(connection, asked, moment)
        user_id = user.id if user else None
        sign_in_log.note(
            connection, "reset_asked", asked.name, user_id, asked.visitor, at=asked.asked_at
        )
    return secret is not None


def _user_of(wiring: Wiring, name: str) -> User | None:
    """Who signs in by this name, or else is alone in having this mail address."""
    users = wiring.directory.users()
    by_login = next((user for user in users if user.active and user.login == name), None)
    by_address = active_users_at(wiring, name)
    return by_login or (by_address[0] if len(by_address) == 1 else None)


def _mail(wiring: Wiring, user: User, asked: Asked, secret: str) -> MailSend:
    words = reset_words(user.language)
    command_id = new_id()
    text = words.text.format(
        name=user.name,
        program=asked.visitor.program,
        address=asked.visitor.address,
        minutes=int(resets.LASTS.total_seconds() // 60),
        link=f"{wiring.settings.public_address}{PATH}{secret}",
    )
    return MailSend(
        id=command_id,
        occurred_at=now(),
        data=MailSendData(
            purpose="account",
            message_id=message_id_for(command_id, ""),
            sender=Address(address="", name="Casewire"),
            to=(Address(address=user.address or "", name=user.name),),
            subject=words.subject,
            text=text,
            language=user.language,
            automatic=True,
        ),
    )
