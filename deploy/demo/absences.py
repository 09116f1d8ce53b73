"""Who is on holiday while the demo is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from deploy.demo.api import Api
from services.runtime.clock import now


def mark_absent(
    admin: Api, users: Mapping[str, int], absences: Iterable[Mapping[str, Any]]
) -> None:
    """Give these users their absence, counted from today, and their stand-in. Raises Refused."""
    today = now().date()
    for absence in absences:
        first, last = (today + timedelta(days=days) for days in absence["days"])
        path = f"/users/{users[absence['login']]}"
        version = admin.get(path)["version"]
        admin.patch(
            path,
            f"demo absence {absence['login']} {version}",
            version=version,
            absent_from=first.isoformat(),
            absent_until=last.isoformat(),
            stand_in_id=users[absence["stand_in"]],
        )
