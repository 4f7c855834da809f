"""What comes from elsewhere: licences are stated, nothing is unpickled, nothing is opened before it was verified."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import faiss
import numpy as np
import onnxruntime
import pytest
from packaging.utils import canonicalize_name

from corpus.common.errors import IndexDamaged
from corpus.common.settings import ROOT, Settings
from deploy.shipped import pins
from index.folder import read_manifest
from index.open import open_index

PRODUCT = ("app.py", "corpus", "index", "retrieval", "web", "deploy", "benchmarks")
UNPICKLERS = {"pickle", "cPickle", "_pickle", "marshal", "shelve", "joblib", "dill", "cloudpickle"}
PLACES = [ROOT / name for name in PRODUCT]
FILES = [path for place in PLACES for path in ([place] if place.is_file() else sorted(place.rglob("*.py")))]


def calls(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Every call of a file: what is called, as written, and its constant keywords."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            constants = {k.arg: k.value.value for k in node.keywords if k.arg and isinstance(k.value, ast.Constant)}
            yield ast.unparse(node.func), dict(constants)


def test_every_package_states_its_licence_and_make_lists_them() -> None:
    command = [sys.executable, "-m", "piplicenses", "--from=mixed", "--format=json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    stated = {canonicalize_name(package["Name"]): package["License"] for package in json.loads(done.stdout)}
    assert {canonicalize_name(name) for name in pins()} <= set(stated)
    assert [name for name, licence in stated.items() if licence in ("", "UNKNOWN")] == []
    assert "$(PY) -m piplicenses --from=mixed" in (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_code_unpickles(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name.split(".")[0] for name in imported} & UNPICKLERS
    for called, keywords in calls(path):
        assert called not in ("torch.load", "pd.read_pickle", "eval", "exec"), called
        assert called not in ("np.load", "np.save") or keywords.get("allow_pickle") is False, called
        assert keywords.get("trust_remote_code", False) is False, called
        assert keywords.get("use_safetensors", True) is True, called


@pytest.mark.model
def test_no_file_of_an_index_is_a_pickle(real_index: Settings) -> None:
    root = real_index.index / read_manifest(real_index.index).generation
    files = [path for path in root.rglob("*") if path.is_file()]
    assert len(files) > 20
    for path in files:
        if path.suffix == ".npy":
            assert not np.load(path, mmap_mode="r", allow_pickle=False).dtype.hasobject
        with path.open("rb") as file:
            assert not re.match(rb"\x80[\x02-\x05]", file.read(2)), path


@pytest.mark.model
@pytest.mark.parametrize("name", ["passages.faiss", "sentences.faiss", "bank.faiss", "encoder/model.onnx"])
def test_nothing_is_opened_before_all_is_verified(
    real_index: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    opened: list[object] = []
    for module, opener in ((faiss, "read_index"), (onnxruntime, "InferenceSession"), (np, "load"), (np, "memmap")):
        monkeypatch.setattr(module, opener, lambda *arguments, **_: opened.append(arguments))
    generation = read_manifest(real_index.index).generation
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "manifest.json").write_bytes((real_index.index / "manifest.json").read_bytes())
    for path in (real_index.index / generation).rglob("*"):
        place = tmp_path / "index" / path.relative_to(real_index.index)
        place.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            place.symlink_to(path)
    place = tmp_path / "index" / generation / name
    whole = place.read_bytes()
    place.unlink()
    place.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(IndexDamaged, match="has SHA-256"):
        open_index(replace(real_index, index=tmp_path / "index"))
    assert opened == []
