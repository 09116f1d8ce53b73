"""The form of a mail account: what it offers, and reading it."""

from __future__ import annotations

from typing import Any

from services.web.clients.accounts import Direction
from services.web.pages.form import Form
from services.web.pages.word_table import Words
from services.web.pages.words import PRIORITIES
from services.web.translation import gettext, gettext_noop, pgettext_noop

SECURITIES = Words(
    {
        "tls": "TLS",
        "starttls": "STARTTLS",
        "none": pgettext_noop("encryption", "None"),
    }
)
PROTOCOLS = Words(
    {
        "imap": "IMAP",
        "pop3": "POP3",
        "pipe": gettext_noop("pipe"),
    }
)
SIGN_INS = Words(
    {
        "password": gettext_noop("Password"),
        "oauth2": "OAuth2 (XOAUTH2)",
    }
)
AFTER_FETCH = Words(
    {
        "seen": gettext_noop("Marked as read"),
        "move": gettext_noop("Moved to a folder"),
        "delete": gettext_noop("Deleted"),
    }
)
SPAM = Words(
    {
        "hold": gettext_noop("Held back until somebody lets it in"),
        "take": gettext_noop("Taken in like any other"),
    }
)
FIELD_WORDS = {
    "protocols": PROTOCOLS,
    "sign_ins": SIGN_INS,
    "after_fetch": AFTER_FETCH,
    "spam": SPAM,
}
SECRETS = ("password", "client_secret", "refresh_token", "dkim_key")
BLANK: dict[str, Any] = {
    "security": "tls",
    "protocol": "imap",
    "folder": "INBOX",
    "keep_attachments": True,
    "push": True,
    "most_megabytes": 20,
}


def read_account(way: Direction, form: Form) -> dict[str, Any]:
    """The fields of an account as the gateway takes them; a secret left empty is None."""
    values = _of_both(form)
    if values["name"] and "/" in values["name"]:
        form.errors["name"] = gettext("A name without a slash, please.")
    return values | (_of_incoming(form) if way == "incoming" else _of_outgoing(form))


def _of_both(form: Form) -> dict[str, Any]:
    return {
        "id": form.text("id") or "",
        "name": form.text("name", required=True, longest=100),
        "server": form.text("server", longest=255) or "",
        "port": form.number("port", 0, 65535) or 0,
        "security": form.choice("security", SECURITIES) or "tls",
        "certificate": form.text("certificate", longest=20_000) or "",
        "sign_in": form.choice("sign_in", SIGN_INS) or "password",
        "login": form.text("login", longest=320) or "",
        "password": form.given.get("password") or None,  # blanks may be a part of it
        "token_url": form.text("token_url", longest=500) or "",
        "client_id": form.text("client_id", longest=500) or "",
        "scope": form.text("scope", longest=500) or "",
        "client_secret": form.text("client_secret", longest=10_000),
        "refresh_token": form.text("refresh_token", longest=10_000),
        "address": form.text("address", longest=320) or "",
    }


def _of_outgoing(form: Form) -> dict[str, Any]:
    megabytes = form.number("most_megabytes", 0, 100)
    return {
        "most_megabytes": 20 if megabytes is None else megabytes,
        "dkim_selector": form.text("dkim_selector", longest=100) or "",
        "dkim_key": form.text("dkim_key", longest=20_000),
    }


def _of_incoming(form: Form) -> dict[str, Any]:
    return {
        "protocol": form.choice("protocol", PROTOCOLS) or "imap",
        "folder": form.text("folder", longest=255) or "INBOX",
        "after_fetch": form.choice("after_fetch", AFTER_FETCH) or "seen",
        "move_to": form.text("move_to", longest=255) or "",
        "push": form.flag("push"),
        "keep_attachments": form.flag("keep_attachments"),
        "spam": form.choice("spam", SPAM) or "hold",
        "trusted_host": form.text("trusted_host", longest=255) or "",
        "answered_by": form.text("answered_by", longest=100) or "",
        "new_case": {
            "kind": form.text("kind", longest=50) or "helpdesk",
            "section_id": form.number("section_id"),
            "category_id": form.number("category_id"),
            "priority": form.choice("priority", PRIORITIES) or "normal",
            "reply_template_id": form.number("reply_template_id"),
        },
    }
