"""Every file of a real index folder, four faults each: it is refused in one line, or made anew where it is a copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.common.errors import IndexDamaged, IndexFolderError, IndexStale
from corpus.common.settings import ROOT, Settings
from index.folder import Manifest, read_manifest
from index.open import open_index
from index.verified import SETTLED_SECONDS
from retrieval.answerer import answerer_of
from tests.reliability.place import NOT_SHARED
from tests.reliability.real_server import QUESTIONS, environment

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("rebuild")]
REMADE = {"suggestions.json", "verified.json"}  # written by opening; without them it only takes longer
Fault = Callable[[bytes, bytes], bytes | None]  # what becomes of a file, given the other index's


def truncated(whole: bytes, _: bytes) -> bytes:
    return whole[: len(whole) // 2]


def flipped(whole: bytes, _: bytes) -> bytes:
    at = len(whole) * 2 // 3
    return whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :]


def swapped(_: bytes, other: bytes) -> bytes:
    return other


def deleted(_: bytes, __: bytes) -> None:
    return None


@pytest.fixture(scope="module")
def settled(real_index: Settings) -> Settings:
    """The real index with everything in it that opening leaves there."""
    return opened(real_index)


@pytest.fixture(scope="module")
def other(settled: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An index of the same article with a sentence more."""
    folder = tmp_path_factory.mktemp("other")
    (original,) = settled.articles
    article = folder / original.name
    article.write_text(original.read_text(encoding="utf-8") + "\nOne sentence more.\n", encoding="utf-8")
    shutil.copytree(settled.index, folder / "index", copy_function=os.link, ignore=NOT_SHARED)
    command = [sys.executable, "-m", "index.build", str(article), "--out", str(folder / "index")]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return opened(replace(settled, index=folder / "index", articles=(article,)))


def opened(settings: Settings) -> Settings:
    """Leave in the folder what opening leaves there once its files have settled."""
    answerer_of(open_index(settings), settings)
    marks = settings.index / "verified.json"
    if not marks.exists() or read_manifest(settings.index).generation not in marks.read_text(encoding="utf-8"):
        time.sleep(SETTLED_SECONDS + 0.5)
        open_index(settings)
    return settings


def names(index: Path) -> dict[str, Path]:
    """Every file of an index folder, by a name that does not hold its generation."""
    generation = read_manifest(index).generation
    found = [path for path in sorted(index.rglob("*")) if path.is_file() and path.name != ".lock"]
    return {path.relative_to(index).as_posix().removeprefix(f"{generation}/"): path for path in found}


def linked(settings: Settings, folder: Path) -> Settings:
    """A folder of links to the same files, so that one of them can be another."""
    shutil.copytree(settings.index, folder / "index", copy_function=os.symlink)
    return replace(settings, index=folder / "index")


def spoil(place: Path, fault: Fault, whole: Path, theirs: Path) -> bool:
    """Put a faulty file in a place; whether it is another than before."""
    before = whole.read_bytes()
    after = fault(before, theirs.read_bytes())
    place.unlink()
    if after is not None:
        place.write_bytes(after)
    return after != before


def mend(place: Path, whole: Path) -> None:
    place.unlink(missing_ok=True)
    place.symlink_to(whole)


def test_nothing_in_the_folder_is_forgotten(settled: Settings) -> None:
    manifest = read_manifest(settled.index)
    assert set(names(settled.index)) == {*manifest.files, "manifest.json", *REMADE}
    assert {"encoder/model.onnx", "encoder/model.onnx.data", "encoder/tokenizer.json"} <= set(manifest.files)
    assert {"passages.faiss", "sentences.faiss", "bank.faiss", "articles.jsonl"} <= set(manifest.files)


@pytest.mark.parametrize("fault", [truncated, flipped, swapped, deleted])
def test_every_file_the_index_is_made_of(settled: Settings, other: Settings, tmp_path: Path, fault: Fault) -> None:
    faulty = linked(settled, tmp_path)
    wholes, places, theirs = (names(settings.index) for settings in (settled, faulty, other))
    refused = set()
    for name in set(wholes) - REMADE:
        if spoil(places[name], fault, wholes[name], theirs[name]):
            with pytest.raises(IndexFolderError) as error:
                open_index(faulty)
            assert isinstance(error.value, (IndexDamaged, IndexStale)) or name == "manifest.json", name
            assert "\n" not in str(error.value)
            assert str(error.value).endswith("run: make index (python -m index.build)")
            refused.add(name)
        mend(places[name], wholes[name])
    same = {name for name in wholes if name.startswith("encoder/")}
    assert refused >= set(wholes) - REMADE - (_alike(wholes, theirs) if fault is swapped else set())
    assert fault is not swapped or same <= _alike(wholes, theirs)
    assert open_index(faulty).manifest == read_manifest(settled.index)


def _alike(ours: dict[str, Path], theirs: dict[str, Path]) -> set[str]:
    return {name for name, path in ours.items() if path.read_bytes() == theirs[name].read_bytes()}


@pytest.mark.parametrize("fault", [truncated, flipped, swapped, deleted])
def test_files_written_by_opening_are_made_anew(
    settled: Settings, other: Settings, tmp_path: Path, fault: Fault
) -> None:
    right = answers(settled)
    for name in sorted(REMADE):
        faulty = linked(settled, tmp_path / name)
        place = faulty.index / name
        assert spoil(place, fault, settled.index / name, other.index / name)
        assert answers(faulty) == right
        if name == "suggestions.json":
            assert place.read_bytes() == (settled.index / name).read_bytes()


def answers(settings: Settings) -> object:
    answerer = answerer_of(open_index(settings), settings)
    return answerer.starters, [answerer.ask(question) for question in QUESTIONS]


@pytest.mark.parametrize("name", ["encoder/model.onnx.data", "passages.faiss", "token-ids.npy"])
def test_marks_of_what_was_verified_do_not_hide_a_file_put_in_its_place(
    settled: Settings, tmp_path: Path, name: str
) -> None:
    """Same size, same times: all that a mark can be made to agree with."""
    faulty = linked(settled, tmp_path)
    whole, place = names(settled.index)[name], names(faulty.index)[name]
    assert spoil(place, flipped, whole, whole)
    os.utime(place, ns=(whole.stat().st_atime_ns, whole.stat().st_mtime_ns))
    with pytest.raises(IndexDamaged, match=f"index file {name} has SHA-256"):
        open_index(faulty)


def test_a_manifest_that_tells_of_other_files_is_not_believed(settled: Settings, tmp_path: Path) -> None:
    faulty = linked(settled, tmp_path)
    text = (settled.index / "manifest.json").read_text(encoding="utf-8")
    manifest = Manifest.from_json(text)
    digest = manifest.files["passages.faiss"].sha256
    (faulty.index / "manifest.json").unlink()
    (faulty.index / "manifest.json").write_text(text.replace(digest, "0" * 64), encoding="utf-8")
    with pytest.raises(IndexDamaged, match="its seal says"):
        open_index(faulty)
