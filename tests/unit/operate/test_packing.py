"""A back-up is packed and unpacked whole, and what is not from us is refused."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from deploy.operate.back_up.packing import pack, unpack
from deploy.operate.errors import CannotDo


@pytest.mark.parametrize("name", ["monday.tar", "monday.tar.gz"])
def test_what_was_packed_is_unpacked(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "attachments" / "ab").mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    (folder / "attachments" / "ab" / "abc").write_bytes(b"\0" * 70_000)
    pack(folder, tmp_path / name)
    unpack(tmp_path / name, tmp_path / "again")
    found = {p.relative_to(tmp_path / "again"): p for p in (tmp_path / "again").rglob("*")}
    assert found.keys() == {p.relative_to(folder) for p in folder.rglob("*")}
    assert all(p.read_bytes() == (folder / n).read_bytes() for n, p in found.items() if p.is_file())


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../beside", tarfile.REGTYPE),
        ("/tmp/absolute", tarfile.REGTYPE),
        ("a/../../beside", tarfile.REGTYPE),
        ("link", tarfile.SYMTYPE),
        ("link", tarfile.LNKTYPE),
        ("pipe", tarfile.FIFOTYPE),
    ],
)
def test_what_a_back_up_does_not_hold_is_refused(name: str, kind: bytes, tmp_path: Path) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.size = kind, "/etc/passwd", 3
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.addfile(member, io.BytesIO(b"abc"))
    (tmp_path / "into").mkdir()
    with pytest.raises(CannotDo, match="is nothing that a back-up holds"):
        unpack(tmp_path / "a.tar", tmp_path / "into")
    assert [*(tmp_path / "into").iterdir()] == []
    assert not (tmp_path / "beside").exists()


def test_half_an_archive_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "manifest.json").write_bytes(bytes(range(256)) * 400)
    pack(folder, tmp_path / "a.tar.gz")
    whole = (tmp_path / "a.tar.gz").read_bytes()
    (tmp_path / "half.tar.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CannotDo, match="cannot be unpacked"):
        unpack(tmp_path / "half.tar.gz", tmp_path / "into")
