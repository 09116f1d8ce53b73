"""How much room the doctor takes for enough, for too little, and for next to none."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from deploy.operate.doctor.files import GIGABYTE, check_disk
from services.runtime.settings import Settings

MEGABYTE = GIGABYTE / 1024


@pytest.mark.parametrize(
    ("total", "free", "level"),
    [
        (100 * GIGABYTE, 50 * GIGABYTE, "ok"),
        (100 * GIGABYTE, 9 * GIGABYTE, "warning"),
        (100 * GIGABYTE, 0.4 * GIGABYTE, "wrong"),
        (256 * MEGABYTE, 255 * MEGABYTE, "ok"),  # what a container has for a while
        (256 * MEGABYTE, 100 * MEGABYTE, "wrong"),
    ],
)
def test_room_on_a_disk(
    total: float, free: float, level: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = SimpleNamespace(total=total, free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    (found,) = check_disk(Settings(CASEWIRE_HOME=tmp_path))
    assert found.level == level
