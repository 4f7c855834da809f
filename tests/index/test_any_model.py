"""Any sentence-transformers model by its path: built, exported, proved, served; and what happens where it cannot be."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.common.errors import ModelError
from corpus.common.settings import ROOT, Settings
from index.build import build
from index.contents import embedded_text
from index.encoder.encode import Encoder, Ints, Pass
from index.encoder.weights import find_weights
from index.folder import read_manifest
from index.open import open_index
from tests.index import by_hand
from tests.index.tiny import save_tiny_model

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

pytestmark = pytest.mark.model
TEXTS = ["iron helps the blood", "beans", "", "zebra, iron! Why?", " ".join(by_hand.WORDS * 6)]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Settings:
    """An index with the tiny model, built by the real command."""
    settings = replace(by_hand.settle(tmp_path_factory.mktemp("place")), model=str(model))
    command = [sys.executable, "-m", "index.build", str(settings.articles[0]), "--out", str(settings.index)]
    done = subprocess.run(
        [*command, "--model", str(model)], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "ASK_QUESTIONS": str(settings.questions)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")  # no bar and no warning where nobody looks
    assert "embedded 3 passages with tiny, took over 0 unchanged\nquestion bank: 3 wordings\n" in done.stdout
    return settings


@pytest.fixture(scope="module")
def library(model: Path) -> SentenceTransformer:
    """The model as sentence-transformers itself runs it."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(model), device="cpu")


def test_it_is_exported_and_the_manifest_says_so(tiny: Settings) -> None:
    manifest = read_manifest(tiny.index)
    assert manifest.exported
    assert {"encoder/model.onnx", "encoder/tokenizer.json"} <= set(manifest.files)
    card = manifest.recipe.card
    assert (card.name, card.dim, card.window, card.token_layers) == ("tiny", 32, 64, (-1,))
    assert card.weights == find_weights(tiny.model).sha256


def test_what_is_served_agrees_with_sentence_transformers(tiny: Settings, library: SentenceTransformer) -> None:
    served = open_index(tiny).encoder
    texts = TEXTS[:4]  # the last is longer than the window, which the library would cut
    vectors = library.encode(texts, normalize_embeddings=True)
    tokens = library.encode(texts, output_value="token_embeddings")
    for text, found, vector, every in zip(texts, served.encode(texts), vectors, tokens, strict=True):
        assert float(found.vector @ vector) >= 0.99999, text
        inner = every.numpy()[1:-1]
        assert inner.shape == found.tokens.shape
        cosines = (inner * found.tokens).sum(axis=1) / np.linalg.norm(inner, axis=1)
        assert cosines.min(initial=1) >= 0.99999, text
        np.testing.assert_allclose(found.context, inner, atol=1e-4)


def test_the_index_holds_the_vectors_of_the_library(tiny: Settings, library: SentenceTransformer) -> None:
    index = open_index(tiny).index
    texts = [embedded_text(p) for p in index.passages]
    expected = library.encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(index.dense.rows(np.arange(len(texts))), expected, atol=1e-5)


def test_a_long_text_is_encoded_whole(tiny: Settings) -> None:
    (found,) = open_index(tiny).encoder.encode(TEXTS[-1:])
    assert len(found.tokens) == len(by_hand.WORDS) * 6 > 64


def test_a_second_build_takes_the_encoder_over(tiny: Settings) -> None:
    def twin() -> Path:
        return tiny.index / read_manifest(tiny.index).generation / "encoder" / "model.onnx"

    before = (twin(), twin().stat().st_ino)
    build(tiny)
    assert twin() != before[0]
    assert twin().stat().st_ino == before[1]
    open_index(tiny)


def test_another_model_of_the_same_name_is_stale(tiny: Settings, tmp_path: Path) -> None:
    from corpus.common.errors import IndexStale

    other = replace(tiny, model=str(save_tiny_model(tmp_path, seed=1)))
    with pytest.raises(IndexStale, match="the model tiny has SHA-256 "):
        open_index(other)


def test_what_cannot_be_exported_is_served_by_the_library(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from index.building import export

    def refuse(*_: object) -> None:
        raise ModelError("this model cannot be exported (an odd layer)")

    monkeypatch.setattr(export, "export", refuse)
    settings = replace(by_hand.settle(tmp_path), model=str(model))
    manifest = build(settings).manifest
    assert not manifest.exported
    assert not any(name.startswith("encoder/") for name in manifest.files)
    assert capsys.readouterr().err == (
        "note: this model cannot be exported (an odd layer); questions will be encoded by sentence-transformers\n"
    )
    opened = open_index(settings)
    (query,) = opened.encoder.encode(["iron helps the blood"], "query")
    assert type(opened.encoder.network).__name__ == "TorchNetwork"
    assert opened.index.dense.search(query.vector, 1).rows.tolist() == [0]


class Bent:
    """A network whose vectors are slightly off: the angle of `by` radians."""

    def __init__(self, of: Encoder, vectors: float, tokens: float) -> None:
        self.of, self.by = of, (vectors, tokens)

    def run(self, ids: Ints, mask: Ints) -> Pass:
        true = self.of.network.run(ids, mask)
        vectors, tokens = true.vectors.copy(), true.tokens.copy()
        vectors[:, 0] += self.by[0] * np.linalg.norm(vectors, axis=-1)
        tokens[..., 0] += self.by[1]
        return Pass(vectors, tokens, true.context, true.states)


@pytest.mark.parametrize(("vectors", "tokens", "agrees"), [(0.004, 0.004, True), (0.005, 0, False), (0, 0.005, False)])
def test_a_twin_that_differs_is_refused(vectors: float, tokens: float, agrees: bool) -> None:
    """The cosine of 0.00447 radians is 0.99999."""
    from index.building.export import prove

    true = by_hand.encoder()
    twin = Encoder(true.card, by_hand.tokenizer(), Bent(true, vectors, tokens))
    texts = ["iron helps", "beans hold much of it"]
    if agrees:
        proof = prove(true, twin, texts)
        assert (proof.texts, 0.99999 <= proof.vectors < 1, 0.99999 <= proof.tokens < 1) == (2, True, True)
    else:
        with pytest.raises(ModelError, match=r"the exported encoder differs: cosine .* at least 0\.99999 is needed"):
            prove(true, twin, texts)


def test_a_twin_with_another_tokenizer_is_refused() -> None:
    from index.building.export import prove

    true, twin = by_hand.encoder(), by_hand.encoder(window=3)
    with pytest.raises(ModelError, match="the exported encoder differs"):
        prove(true, Encoder(true.card, by_hand.tokenizer(), Shifted(twin)), ["iron helps"])


class Shifted:
    """A network that answers as if each word were the next."""

    def __init__(self, of: Encoder) -> None:
        self.of = of

    def run(self, ids: Ints, mask: Ints) -> Pass:
        return self.of.network.run((ids + 1) % by_hand.DIM, mask)


def test_a_model_that_cannot_be_loaded_is_one_line(tmp_path: Path) -> None:
    from index.building.torch_network import load_torch_encoder

    (tmp_path / "model.safetensors").write_bytes(b"not safetensors")
    with pytest.raises(ModelError) as error:
        load_torch_encoder(find_weights(str(tmp_path)))
    assert f"the model '{tmp_path.name}' cannot be loaded (" in str(error.value)
    assert "\n" not in str(error.value)
