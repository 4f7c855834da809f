"""The folder on disk: whatever is altered in it is found, and a write that fails is one line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.common.errors import IndexBusy, IndexDamaged, IndexFolderError, IndexMissing, IndexStale
from corpus.common.settings import ROOT, Settings
from index import folder
from index.build import build
from index.folder import Manifest, lock, publish, read_manifest, sweep, verify
from index.open import open_index
from tests.index import by_hand


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """One index for the whole module; tests alter copies of it."""
    settings = by_hand.settle(tmp_path_factory.mktemp("built"))
    with pytest.MonkeyPatch.context() as patch:
        for target, name, value in by_hand.replacements(by_hand.Used()):
            patch.setattr(target, name, value)
        build(settings)
        yield settings


@pytest.fixture
def index(built: Settings, tmp_path: Path) -> Path:
    shutil.copytree(built.index, tmp_path / "index")
    return tmp_path / "index"


def files(index: Path) -> list[Path]:
    manifest = read_manifest(index)
    return [index / manifest.generation / name for name in manifest.files]


def refused(index: Path) -> str:
    """Open a damaged index and return what is said."""
    with pytest.raises(IndexDamaged) as error:
        verify(index, read_manifest(index))
    message = str(error.value)
    assert "\n" not in message
    assert message.endswith("run: make index (python -m index.build)")
    return message


def test_a_whole_index_is_accepted(index: Path) -> None:
    manifest = read_manifest(index)
    assert verify(index, manifest) == index / manifest.generation
    assert len(manifest.files) > 15


def test_every_file_truncated(index: Path) -> None:
    for path in files(index):
        whole = path.read_bytes()
        path.write_bytes(whole[:-1])
        assert f"is {len(whole) - 1:,} bytes, the manifest says {len(whole):,} bytes" in refused(index)
        path.write_bytes(whole)
    verify(index, read_manifest(index))


def test_every_file_with_one_bit_flipped(index: Path) -> None:
    for n, path in enumerate(files(index)):
        whole = path.read_bytes()
        at = (len(whole) * (n + 1)) // (len(files(index)) + 1)
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << n % 8]) + whole[at + 1 :])
        message = refused(index)
        assert path.name in message
        assert "has SHA-256" in message
        assert read_manifest(index).files[_name(index, path)].sha256[:16] in message
        path.write_bytes(whole)


def _name(index: Path, path: Path) -> str:
    return path.relative_to(index / read_manifest(index).generation).as_posix()


def test_every_file_deleted(index: Path) -> None:
    for path in files(index):
        whole = path.read_bytes()
        path.unlink()
        message = refused(index)
        assert f"{_name(index, path)} is missing, the manifest says {len(whole):,} bytes" in message
        path.write_bytes(whole)


@pytest.mark.usefixtures("built")
def test_files_swapped_with_another_index(index: Path, tmp_path: Path) -> None:
    other = by_hand.settle(tmp_path / "other", by_hand.ARTICLE.replace("Beans hold", "Beans have"))
    theirs = other.index / build(other).manifest.generation
    differing = 0
    for path in files(index):
        ours, swapped = path.read_bytes(), (theirs / _name(index, path)).read_bytes()
        if ours != swapped:
            differing += 1
            path.write_bytes(swapped)
            assert _name(index, path) in refused(index)
            path.write_bytes(ours)
    assert differing > 8


@pytest.mark.usefixtures("built")
def test_a_generation_swapped_with_another_index(index: Path, tmp_path: Path) -> None:
    other = by_hand.settle(tmp_path / "other", by_hand.ARTICLE.replace("Beans hold", "Beans have"))
    theirs = other.index / build(other).manifest.generation
    ours = index / read_manifest(index).generation
    shutil.rmtree(ours)
    shutil.copytree(theirs, ours)
    refused(index)


def test_the_manifest_with_any_bit_flipped(index: Path) -> None:
    path = index / "manifest.json"
    whole = path.read_bytes()
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
        with pytest.raises((IndexDamaged, IndexStale)):
            read_manifest(index)


def test_the_manifest_truncated_anywhere(index: Path) -> None:
    path = index / "manifest.json"
    whole = path.read_bytes().rstrip()
    for length in range(0, len(whole), 11):
        path.write_bytes(whole[:length])
        with pytest.raises(IndexDamaged, match=r"manifest\.json is not a manifest"):
            read_manifest(index)


@pytest.mark.parametrize("text", ["null", "[]", '{"recipe": 1}', '{"recipe": {"format": 1}}', "\xff"])
def test_another_file_in_its_place(index: Path, text: str) -> None:
    (index / "manifest.json").write_text(text.replace("1}}", f"{folder.FORMAT}}}}}"), encoding="latin-1")
    with pytest.raises((IndexDamaged, IndexStale), match=r"manifest|format"):
        read_manifest(index)


def test_an_edited_manifest_names_both_values(index: Path) -> None:
    path = index / "manifest.json"
    path.write_text(path.read_text().replace('"passages": 3', '"passages": 4'))
    with pytest.raises(IndexDamaged, match=r"has SHA-256 [0-9a-f]{16}…, its seal says [0-9a-f]{16}…; run: make index"):
        read_manifest(index)


def test_another_format_names_both_values(index: Path) -> None:
    path = index / "manifest.json"
    path.write_text(path.read_text().replace(f'"format": {folder.FORMAT}', '"format": 999'))
    with pytest.raises(IndexStale, match=rf"format 999, this version reads format {folder.FORMAT}; run: make index"):
        read_manifest(index)


def test_a_manifest_comes_back_as_it_was(index: Path) -> None:
    manifest = read_manifest(index)
    assert Manifest.from_json(manifest.to_json()) == manifest


def test_no_index_there(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for nowhere in (tmp_path / "none", tmp_path, tmp_path / "file"):
        with pytest.raises(IndexMissing, match=f"no index in {nowhere}; run: make index"):
            read_manifest(nowhere)


def test_a_manifest_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").mkdir()
    with pytest.raises(IndexFolderError, match=r"cannot be read \(Is a directory\)"):
        read_manifest(tmp_path)


def test_two_builds_at_once(built: Settings) -> None:
    script = "import sys, time\nfrom pathlib import Path\nfrom index.folder import lock\n"
    script += "with lock(Path(sys.argv[1])):\n print('held', flush=True)\n sys.stdin.read()"
    command = [sys.executable, "-c", script, str(built.index)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(IndexBusy, match=f"another build is writing {built.index}; wait for it to end"):
            build(built)
        open_index(built)  # answering goes on
        other.kill()
    build(built)  # a killed build holds nothing


def test_what_no_manifest_names_is_swept(index: Path) -> None:
    named = read_manifest(index).generation
    (index / "generation-dead" / "encoder").mkdir(parents=True)
    (index / "generation-dead" / "encoder" / "model.onnx").touch()
    (index / "manifest.dead.tmp").touch()
    sweep(index)
    assert {p.name for p in index.iterdir()} == {".lock", "manifest.json", named}


def test_publishing_replaces_the_generation(index: Path) -> None:
    before = read_manifest(index)
    root = folder.new_generation(index)
    shutil.copytree(index / before.generation, root, dirs_exist_ok=True)
    after = Manifest(before.recipe, root.name, before.exported, before.passages, folder.stamps(root), {})
    publish(index, after)
    assert read_manifest(index) == after
    assert not (index / before.generation).exists()


@pytest.mark.parametrize("where", ["file", "file/below", "/proc/nowhere/index"])
def test_a_place_that_cannot_be_written(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(IndexFolderError) as error, lock(tmp_path / where):
        pytest.fail("never held")
    assert f"{tmp_path / where} cannot be written (" in str(error.value)
    assert "name another folder with --out" in str(error.value)
