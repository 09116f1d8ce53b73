"""Connecting to a mail server and signing in, as incoming and outgoing accounts share it."""

from __future__ import annotations

import imaplib
import poplib
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Callable

from imap_tools.errors import MailboxLoginError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from services.mailgw.incoming.pop3_client import Pop3Client, Pop3TlsClient
from services.mailgw.model.accounts import Account, IncomingAccount, OutgoingAccount
from services.mailgw.refusals import NoStartTls, Pop3LoginRefused


def tls_context(account: Account) -> ssl.SSLContext:
    """What the server's certificate is checked against, with the name that it is for.

    That is the account's own certificate and nothing else, where it has one; else the usual
    authorities (those of SSL_CERT_FILE where it is set).
    """
    if not account.certificate.strip():
        return ssl.create_default_context()
    context = ssl.create_default_context(cadata=account.certificate)
    # A server's own certificate is trusted as it is, though it signs no other.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def imap_connected(account: IncomingAccount, timeout: float) -> BaseMailBox:
    """A connection that nobody has signed in to. Raises TROUBLE."""
    where = (account.server, account.port)
    if account.security == "none":
        return MailBoxUnencrypted(*where, timeout=timeout)
    context = tls_context(account)
    if account.security == "tls":
        return MailBox(*where, timeout=timeout, ssl_context=context)
    try:
        return MailBoxStartTls(*where, timeout=timeout, ssl_context=context)
    except imaplib.IMAP4.abort as error:
        if "TLS not supported" in str(error):
            raise NoStartTls from None
        raise


def imap_sign_in(mailbox: BaseMailBox, account: IncomingAccount, secret: str) -> None:
    """Sign in by the password or the access token. Raises TROUBLE."""
    if account.sign_in == "oauth2":
        token = xoauth2(account.login, secret)
        _imap_authenticate(mailbox, "XOAUTH2", lambda challenge: b"" if challenge else token)
    elif (account.login + secret).isascii():
        mailbox.login(account.login, secret, initial_folder=None)
    else:
        try:
            mailbox.login_utf8(account.login, secret, initial_folder=None)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise MailboxLoginError(("NO", [str(error)]), "OK") from None


def pop3_connected(account: IncomingAccount, timeout: float) -> Pop3Client:
    """A connection that nobody has signed in to. Raises TROUBLE."""
    where = (account.server, account.port)
    if account.security == "tls":
        return Pop3TlsClient(*where, timeout=timeout, context=tls_context(account))
    client = Pop3Client(*where, timeout=timeout)
    if account.security == "starttls":
        try:
            client.stls(tls_context(account))
        except poplib.error_proto as error:
            if "STLS not supported" in str(error):
                raise NoStartTls from None
            raise
    return client


def pop3_sign_in(client: Pop3Client, account: IncomingAccount, secret: str) -> None:
    """Sign in by the password or the access token. Raises TROUBLE."""
    if not (account.login + secret).isprintable():
        raise Pop3LoginRefused("a login or password with line breaks cannot be sent")
    try:
        if account.sign_in == "oauth2":
            client.authenticate("XOAUTH2", b64encode(xoauth2(account.login, secret)).decode())
        else:
            client.user(account.login)
            client.pass_(secret)
    except poplib.error_proto as error:
        raise Pop3LoginRefused(*error.args) from None


def smtp_secured(smtp: smtplib.SMTP, account: OutgoingAccount) -> None:
    """Turn the connection to TLS (RFC 3207). Raises TROUBLE."""
    smtp.ehlo_or_helo_if_needed()
    if not smtp.has_extn("starttls"):
        raise NoStartTls
    smtp.starttls(context=tls_context(account))


def smtp_sign_in(smtp: smtplib.SMTP, account: OutgoingAccount, secret: str) -> None:
    """Sign in by the password or the access token, where there is a login. Raises TROUBLE."""
    smtp.ehlo_or_helo_if_needed()
    login = account.login
    if not login:
        return
    if account.sign_in == "oauth2":
        token = b64encode(xoauth2(login, secret)).decode()
        code, answer = smtp.docmd("AUTH", f"XOAUTH2 {token}")
        if code == 334:  # the reason in base64; behind an empty answer comes the refusal
            code, answer = smtp.docmd("")
    elif (login + secret).isascii():
        smtp.login(login, secret)
        return
    else:
        token = b64encode(f"\0{login}\0{secret}".encode()).decode()  # RFC 4616: UTF-8
        code, answer = smtp.docmd("AUTH", f"PLAIN {token}")
    if code not in (235, 503):
        raise smtplib.SMTPAuthenticationError(code, answer)


def xoauth2(login: str, token: str) -> bytes:
    """What XOAUTH2 sends, before its base64."""
    return f"user={login}\1auth=Bearer {token}\1\1".encode()


def as_sent(account: Account, secret: str) -> tuple[str, ...]:
    """The secret in every form that it goes to the server in: one may repeat what it was sent."""
    if not secret:
        return ()
    packed = (f"\0{account.login}\0{secret}".encode(), xoauth2(account.login, secret))
    return (*(b64encode(one).decode() for one in packed), secret)


def _imap_authenticate(
    mailbox: BaseMailBox, mechanism: str, answer: Callable[[bytes], bytes]
) -> None:
    try:
        mailbox.client.authenticate(mechanism, answer)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise MailboxLoginError(("NO", [str(error)]), "OK") from None
