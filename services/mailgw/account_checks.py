"""What has to be right about an account before it is saved, beyond the shape of its fields."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from services.contracts.errors import InvalidRequest
from services.mailgw.errors import UnusableSigningKey
from services.mailgw.model.accounts import Account, IncomingAccount
from services.mailgw.outgoing.dkim_signature import read_key

NEAR = frozenset({"localhost", "127.0.0.1", "::1"})


def check_fields(account: Account) -> None:
    """Raises InvalidRequest with the field that does not do."""
    _check_certificate(account.certificate)
    if account.sign_in == "oauth2":
        _check_oauth2(account)
    if isinstance(account, IncomingAccount) and account.after_fetch == "move":
        if account.protocol == "pop3":
            raise InvalidRequest("after_fetch", "POP3 moves no mails: leave them, or delete them")
        if not account.move_to:
            raise InvalidRequest("move_to", "name the folder that fetched mails are moved to")
        if account.move_to == account.folder:
            raise InvalidRequest("move_to", "choose another folder than the one that is fetched")


def check_secrets(given: Mapping[str, str]) -> None:
    """Raises InvalidRequest, which repeats nothing of them."""
    if "dkim_key" in given:
        try:
            read_key(given["dkim_key"])
        except UnusableSigningKey as error:
            raise InvalidRequest("dkim_key", str(error)) from None


def _check_certificate(pem: str) -> None:
    if not pem.strip():
        return
    if "PRIVATE KEY" in pem:
        raise InvalidRequest(
            "certificate", "a private key belongs to its server: give only the certificate"
        )
    try:
        ssl.create_default_context(cadata=pem)
    except (ssl.SSLError, ValueError, TypeError):  # TypeError for what is not ASCII
        raise InvalidRequest(
            "certificate",
            "give one or more certificates in PEM, from -----BEGIN CERTIFICATE----- on",
        ) from None


def _check_oauth2(account: Account) -> None:
    for name in ("login", "token_url", "client_id"):
        if not getattr(account, name):
            raise InvalidRequest(name, "signing in by OAuth2 needs it")
    try:
        parts = urlsplit(account.token_url)
        host = parts.hostname or ""
        parts.port  # noqa: B018  it raises for what is no port
    except ValueError:
        host = ""
    # The token endpoint gets secrets (RFC 6749 §3.2 demands TLS); this machine needs no wire.
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and host in NEAR)):
        raise InvalidRequest("token_url", "give an address that begins with https://")
