"""Files by the hash of their bytes: kept once, never half, and found damaged when they are."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import fsspec
import pytest

from services.runtime.file_store import (
    FileDamaged,
    FileMissing,
    FileStore,
    FileStoreAway,
    open_file_store,
)
from services.runtime.identity import new_id
from services.runtime.settings import Settings, SettingsError

CONTENT = b"\x00\xffprinter log\r\n" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=["folder", "memory", "with an event loop"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return {
        "folder": str(tmp_path / "kept"),
        "memory": f"memory://{new_id()}",
        "with an event loop": f"asyncwrapper::file://{tmp_path / 'kept'}",
    }[str(request.param)]


def paths(url: str) -> list[str]:
    files, root = fsspec.core.url_to_fs(url)
    return [str(path).removeprefix(root) for path in files.find(root)]


def overwrite(url: str, content: bytes) -> None:
    files, root = fsspec.core.url_to_fs(url)
    files.pipe_file(root + paths(url)[0], content)


def test_K3_the_same_bytes_twice_are_kept_once(url: str) -> None:
    store = FileStore(url)
    assert not store.has(SHA256)
    assert store.put(CONTENT) == store.put(CONTENT) == SHA256
    assert FileStore(url).put(CONTENT) == SHA256
    assert paths(url) == [f"/{SHA256[:2]}/{SHA256[2:4]}/{SHA256}"]
    assert store.has(SHA256) and store.get(SHA256) == CONTENT


def test_K3_an_empty_file_is_a_file(url: str) -> None:
    store = FileStore(url)
    assert store.get(store.put(b"")) == b""


@pytest.mark.parametrize("name", ["0" * 64, "", "../../../etc/passwd", "A" * 64, SHA256 + "/x"])
def test_K3_what_is_not_there_is_said_to_be_missing(url: str, name: str) -> None:
    store = FileStore(url)
    store.put(CONTENT)
    assert not store.has(name)
    with pytest.raises(FileMissing):
        store.get(name)


def test_K3_a_damaged_file_is_never_handed_out_and_one_cut_short_heals(url: str) -> None:
    store = FileStore(url)
    store.put(CONTENT)
    overwrite(url, CONTENT[:-1] + b"x")
    with pytest.raises(FileDamaged, match="restore it from a back-up"):
        store.get(SHA256)
    overwrite(url, CONTENT[:100])
    with pytest.raises(FileDamaged):
        store.get(SHA256)
    store.put(CONTENT)
    assert store.get(SHA256) == CONTENT


def test_K3_many_at_once_leave_one_whole_file_and_nothing_beside_it(url: str) -> None:
    threads = [threading.Thread(target=FileStore(url).put, args=(CONTENT,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(paths(url)) == 1 and FileStore(url).get(SHA256) == CONTENT


def test_K3_a_storage_that_cannot_be_written_is_away_not_missing(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be")
    store = FileStore(str(tmp_path / "kept"))
    with pytest.raises(FileStoreAway, match="cannot be used now"):
        store.put(CONTENT)


def test_K3_files_are_kept_below_home_unless_a_url_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CASEWIRE_HOME", str(tmp_path / "a home"))
    monkeypatch.delenv("ATTACHMENTS_URL", raising=False)
    open_file_store(Settings.load()).put(CONTENT)
    assert (tmp_path / "a home" / "attachments" / SHA256[:2] / SHA256[2:4] / SHA256).is_file()
    monkeypatch.setenv("ATTACHMENTS_URL", f"file://{tmp_path}/elsewhere")
    open_file_store(Settings.load()).put(CONTENT)
    assert (tmp_path / "elsewhere" / SHA256[:2] / SHA256[2:4] / SHA256).is_file()


@pytest.mark.parametrize("wrong", ["nosuch://bucket", "oci://bucket@space/prefix"])
def test_K3_a_url_that_cannot_be_opened_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv("ATTACHMENTS_URL", wrong)
    with pytest.raises(SettingsError, match="ATTACHMENTS_URL"):
        open_file_store(Settings.load())
