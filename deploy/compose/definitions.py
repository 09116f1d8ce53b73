"""The users of the broker as a file of definitions, which RabbitMQ reads at each start."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from deploy.compose.rights import Rights, rights_of

OPERATOR = "operator"
HOST = "casewire"
ALL = Rights(configure=".*", write=".*", read=".*")


def definitions(passwords: Mapping[str, str]) -> str:
    """JSON with the virtual host, a user for each of these names, and what each may do there."""
    return json.dumps(
        {
            "vhosts": [{"name": HOST}],
            "users": [_user(name, password) for name, password in passwords.items()],
            "permissions": [_permission(name) for name in passwords],
        },
        indent=1,
    )


def password_hash(password: str, salt: bytes) -> str:
    """As RabbitMQ keeps it: base64 of four bytes of salt and SHA-256 of salt and password."""
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _user(name: str, password: str) -> dict[str, Any]:
    return {
        "name": name,
        "password_hash": password_hash(password, secrets.token_bytes(4)),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": ["administrator"] if name == OPERATOR else [],
    }


def _permission(name: str) -> dict[str, str]:
    rights = ALL if name == OPERATOR else rights_of(name)
    return {"user": name, "vhost": HOST, **vars(rights)}
