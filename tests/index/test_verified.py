"""Large files are hashed once; whatever writes to one is seen all the same."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from corpus.common.errors import IndexDamaged
from index import folder, verified
from index.encoder.encode import Card
from index.encoder.weights import file_sha256
from index.folder import Manifest, Recipe, stamps, verify
from index.verified import FILE, Verified

GENERATION = "generation-1"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one large file (from 100 bytes on) and one small one, both settled."""
    monkeypatch.setattr(verified, "LARGE", 100)
    monkeypatch.setattr(verified, "SETTLED_SECONDS", -1)
    (tmp_path / GENERATION).mkdir()
    (tmp_path / GENERATION / "large").write_bytes(bytes(100))
    (tmp_path / GENERATION / "small").write_bytes(bytes(99))
    return tmp_path


@pytest.fixture
def manifest(index: Path) -> Manifest:
    recipe = Recipe(folder.FORMAT, 1, Card("hand", "", "", 3, 8, (-1,)), ())
    return Manifest(recipe, GENERATION, True, 1, stamps(index / GENERATION), {})


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were hashed."""
    names: list[str] = []

    def hashing(path: Path) -> str:
        names.append(path.name)
        return file_sha256(path)

    monkeypatch.setattr(folder, "file_sha256", hashing)
    return names


def test_a_large_file_is_hashed_once(index: Path, manifest: Manifest, hashed: list[str]) -> None:
    verify(index, manifest)
    assert hashed == ["large", "small"]
    verify(index, manifest)
    assert hashed == ["large", "small", "small"]


def test_what_is_written_to_it_is_seen_whatever_time_it_pretends(index: Path, manifest: Manifest) -> None:
    verify(index, manifest)
    large = index / GENERATION / "large"
    before = large.stat()
    time.sleep(0.02)  # longer than a tick of the file system's clock
    large.write_bytes(bytes(99) + b"\1")
    os.utime(large, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(IndexDamaged, match="index file large has SHA-256"):
        verify(index, manifest)


def test_a_truncated_one_is_seen(index: Path, manifest: Manifest) -> None:
    verify(index, manifest)
    (index / GENERATION / "large").write_bytes(bytes(99))
    with pytest.raises(IndexDamaged, match="is 99 bytes, the manifest says 100 bytes"):
        verify(index, manifest)


def test_one_put_in_its_place_is_hashed(index: Path, manifest: Manifest, hashed: list[str]) -> None:
    verify(index, manifest)
    other = index / "other"
    other.write_bytes(bytes(100))
    other.replace(index / GENERATION / "large")
    verify(index, manifest)
    assert hashed.count("large") == 2


def test_a_file_changed_just_now_is_not_trusted(
    index: Path, manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verified, "SETTLED_SECONDS", 3600)
    verify(index, manifest)
    assert not (index / FILE).exists()


@pytest.mark.parametrize("text", ["", "[]", "null", '{"generation": "generation-1"}', '{"generation": 1, "files": 2}'])
def test_marks_that_cannot_be_read_are_none(index: Path, text: str) -> None:
    (index / FILE).write_text(text)
    assert not Verified(index, GENERATION).holds("large", index / GENERATION / "large")


def test_marks_of_another_generation_are_none(index: Path, manifest: Manifest) -> None:
    verify(index, manifest)
    assert Verified(index, GENERATION).holds("large", index / GENERATION / "large")
    assert not Verified(index, "generation-2").holds("large", index / GENERATION / "large")
