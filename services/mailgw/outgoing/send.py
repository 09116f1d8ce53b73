"""Handing mails to an SMTP server over one connection."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from contextlib import suppress

from services.mailgw.model.accounts import OutgoingAccount
from services.mailgw.model.outcome import Outcome
from services.mailgw.model.reply_code import blames_login
from services.mailgw.refusals import TROUBLE, in_words, refused, said, without_secrets
from services.mailgw.signing_in import as_sent, smtp_secured, smtp_sign_in, tls_context

CONNECT_SECONDS = 20.0
ANSWER_SECONDS = 120.0
ACCEPTED = (250, 251, 252)
CLOSING = 421
UTF8 = "SMTPUTF8"
NO_UTF8 = "the outgoing server takes no addresses with letters beyond ASCII"


class Session:
    """A connection to the account's server, opened when needed and used for mail after mail.

    `reached` is whether the server ever let us in, `passed` how many mails it took.
    """

    def __init__(
        self, account: OutgoingAccount, password: str, connect_seconds: float = CONNECT_SECONDS
    ) -> None:
        self._account = account
        self._password = password
        self._connect_seconds = connect_seconds
        self._smtp: smtplib.SMTP | None = None
        self.reached = False
        self.passed = 0

    def open(self) -> smtplib.SMTP:
        """Connect and sign in. Raises ServerRefused in words."""
        if self._smtp is not None:
            return self._smtp
        try:
            smtp = self._smtp = self._connected()
            smtp_sign_in(smtp, self._account, self._password)
        except TROUBLE as error:
            self._drop()
            raise refused(error, self._words(error)) from None
        if smtp.sock is not None:
            smtp.sock.settimeout(ANSWER_SECONDS)
        self.reached = True
        return smtp

    def send(self, sender: str, recipients: Sequence[str], content: bytes) -> Outcome:
        """Hand one mail over; what the server has not answered is for later.

        A connection that breaks between the end of the content and the server's answer leaves
        open whether it took the mail (RFC 1047): it is sent again. Raises ServerRefused when
        the server cannot be spoken to at all, and nothing has been sent then.
        """
        outcome = Outcome()
        try:
            self._hand_over(outcome, sender, recipients, content)
        except TROUBLE as error:
            why = self._words(error)
            outcome.later.update(dict.fromkeys(outcome.unanswered(recipients), why))
            self._drop()
        self.passed += bool(outcome.delivered)
        return outcome

    def close(self) -> None:
        """Say good-bye."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(*TROUBLE):
                smtp.quit()

    def _hand_over(
        self, outcome: Outcome, sender: str, recipients: Sequence[str], content: bytes
    ) -> None:
        options = _options([sender, *recipients], content)
        if UTF8 in options and not self.open().has_extn(UTF8):
            outcome.failed = dict.fromkeys(recipients, NO_UTF8)
            return None
        code, answer = self._begin(sender, options)
        smtp = self.open()
        if code != 250:
            self._check_login(code, answer)
            outcome.refuse(recipients, code, said(answer))
            return self._reset(smtp, code)
        accepted = [one for one in recipients if self._takes(smtp, outcome, one)]
        if not accepted:
            return self._reset(smtp, 0)
        try:
            code, answer = smtp.data(content)
        except smtplib.SMTPDataError as error:
            code, answer = error.smtp_code, said(error.smtp_error).encode()
        if code == 250:
            outcome.delivered.extend(accepted)
        else:
            outcome.refuse(accepted, code, said(answer))
            self._reset(smtp, code)
        return None

    def _begin(self, sender: str, options: list[str]) -> tuple[int, bytes]:
        """MAIL; over a new connection when the server has closed the one in use meanwhile."""
        reused = self._smtp is not None
        smtp = self.open()
        if not smtp.has_extn("size"):
            options = [option for option in options if not option.startswith("SIZE=")]
        try:
            code, answer = smtp.mail(sender, options)
            if code != CLOSING or not reused:
                return code, answer
        except (smtplib.SMTPServerDisconnected, OSError):
            if not reused:
                raise
        self._drop()
        return self.open().mail(sender, options)

    def _takes(self, smtp: smtplib.SMTP, outcome: Outcome, recipient: str) -> bool:
        code, answer = smtp.rcpt(recipient)
        if code in ACCEPTED:
            return True
        if code == CLOSING:
            raise smtplib.SMTPServerDisconnected(said(answer))
        self._check_login(code, answer)
        outcome.refuse([recipient], code, said(answer), of_recipient=True)
        return False

    def _check_login(self, code: int, answer: bytes) -> None:
        """Raises ServerRefused when the account is refused: no mail, no recipient is at fault."""
        if blames_login(code, said(answer)):
            self._drop()
            error = smtplib.SMTPAuthenticationError(code, answer)
            raise refused(error, self._words(error))

    def _reset(self, smtp: smtplib.SMTP, code: int) -> None:
        """Make the connection fit for the next mail."""
        if code == CLOSING:
            self._drop()
        else:
            smtp.rset()

    def _drop(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def _connected(self) -> smtplib.SMTP:
        account = self._account
        name = account.address.rpartition("@")[2]  # not getfqdn(), which may wait for a resolver
        where = (account.server, account.port, name if name.isascii() else "localhost")
        if account.security == "none":
            return smtplib.SMTP(*where, timeout=self._connect_seconds)
        if account.security == "tls":
            context = tls_context(account)
            return smtplib.SMTP_SSL(*where, timeout=self._connect_seconds, context=context)
        smtp = self._smtp = smtplib.SMTP(*where, timeout=self._connect_seconds)
        smtp_secured(smtp, account)
        return smtp

    def _words(self, error: Exception) -> str:
        why = in_words(error, self._account.server, self._account.port)
        return without_secrets(why, *as_sent(self._account, self._password))


def _options(addresses: Sequence[str], content: bytes) -> list[str]:
    options = [f"SIZE={len(content)}"]
    if not all(one.isascii() for one in addresses) or not content.isascii():
        options += [UTF8, "BODY=8BITMIME"]
    return options
