"""Files of operators' commands are their user's alone, and other files are as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.operate.private_files import private_files


def test_only_while_it_lasts(tmp_path: Path) -> None:
    with private_files():
        (tmp_path / "within").touch()
    (tmp_path / "behind").touch()
    assert (tmp_path / "within").stat().st_mode & 0o077 == 0
    assert (tmp_path / "behind").stat().st_mode & 0o044 == 0o044


def test_also_behind_a_failure(tmp_path: Path) -> None:
    with pytest.raises(OSError), private_files():
        raise OSError("the disk is full")
    (tmp_path / "behind").touch()
    assert (tmp_path / "behind").stat().st_mode & 0o044 == 0o044
