"""A browser's session of the administrator's, for benches of pages."""

from __future__ import annotations

import requests
from support.system import PASSWORD, RunningSystem


def signed_in(system: RunningSystem) -> requests.Session:
    """Fill in the form as he does; raises requests.HTTPError when he is refused."""
    session = requests.Session()
    page = session.get(f"{system.web}/sign-in", timeout=30).text
    mark = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": mark, "name": "admin", "password": PASSWORD}
    session.post(f"{system.web}/sign-in", data=form, timeout=30).raise_for_status()
    return session
