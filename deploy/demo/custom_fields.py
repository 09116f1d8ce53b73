"""The fields that the cases of a kind have besides the usual ones (K9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deploy.demo.api import Api


def add_fields(admin: Api, wanted: Mapping[str, list[dict[str, Any]]]) -> None:
    """Give each kind the fields it does not have yet; its others stay. Raises Refused."""
    kinds = {kind["code"]: kind for kind in admin.items("/kinds")}
    for code, fields in wanted.items():
        kind = kinds[code]
        there = {field["code"] for field in kind["fields"]}
        new = [field for field in fields if field["code"] not in there]
        if new:
            admin.post(
                "/kinds",
                f"demo fields {code} {kind['version']}",
                code=code,
                name=kind["name"],
                dated=kind["dated"],
                version=kind["version"],
                fields=[*kind["fields"], *new],
            )
